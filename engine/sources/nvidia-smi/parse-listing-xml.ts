import { type Listing, parseListing } from './parse-listing.ts';

/** Sixteen GPUs with thousands of processes each have room in it; parsing it takes a second or two. */
const mostCharacters = 8 * 1024 * 1024;
const open = '<nvidia_smi_log';
const close = '</nvidia_smi_log>';

/**
 * Loads the parser of `nvidia-smi -q -x`, which nothing else needs. It takes all that the tool printed, warnings before and after the XML too, and
 * gives null where there is no listing, only the beginning of one, or more than 8 MiB of it. Tags that are not closed in their order make a listing with less in it:
 * values are looked for by their whole path. Never throws.
 */
export async function loadListingParser(): Promise<(text: string) => Listing | null> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributesGroupName: '$',
    attributeNamePrefix: '',
    textNodeName: '_',
    // '0000' of a minor number or a bus id is a text; what is a number is decided where it is read.
    parseTagValue: false,
    parseAttributeValue: false,
    jPath: false,
  });
  return (text) => {
    const from = text.indexOf(open);
    const to = text.lastIndexOf(close) + close.length;
    if (from < 0 || to < from || to - from > mostCharacters) return null;
    let data: unknown;
    try {
      data = parser.parse(text.slice(from, to));
    } catch {
      // Nested beyond measure, a tag that never ends, a name of Object's own prototype: no listing of the tool's.
      return null;
    }
    return parseListing(data);
  };
}
