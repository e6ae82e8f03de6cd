"""Functions as runs and windows: every call is one, for as long as it lives."""

from __future__ import annotations

import functools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple, Type, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def within(function: F, fresh: Callable[[], Any]) -> F:
    """Runs every call of a function within a context of its own: coroutines and generators for as long as they live."""
    import inspect

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with fresh():
                return await function(*args, **kwargs)

        return awaited  # type: ignore[return-value]
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def iterated(*args: Any, **kwargs: Any) -> Any:
            with fresh():
                async for item in function(*args, **kwargs):
                    yield item

        return iterated  # type: ignore[return-value]
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def generated(*args: Any, **kwargs: Any) -> Any:
            with fresh():
                return (yield from function(*args, **kwargs))

        return generated  # type: ignore[return-value]

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        with fresh():
            return function(*args, **kwargs)

    return called  # type: ignore[return-value]


def end_of(kind: Optional[Type[BaseException]], error: Optional[BaseException]) -> Tuple[str, Optional[int]]:
    """Status and exit code of what ended with this exception, or without one."""
    if kind is None:
        return "finished", 0
    if issubclass(kind, KeyboardInterrupt):
        return "stopped", 130
    if issubclass(kind, SystemExit):
        code = getattr(error, "code", None)
        if code is None or code == 0:
            return "finished", 0
        return "failed", code if isinstance(code, int) else 1
    if issubclass(kind, GeneratorExit) or kind.__name__ == "CancelledError":
        return "stopped", None
    return "failed", 1
