const han = /\p{Script=Han}/u;

/** 'GPU counter', 'GPU 计数器', '内存模型': no space between two words of Chinese. */
export const joinedWords = (one: string, other: string): string =>
  `${one}${han.test(one.at(-1) ?? '') && han.test(other.at(0) ?? '') ? '' : ' '}${other}`;
