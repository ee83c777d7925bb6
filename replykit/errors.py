"""The one exception that callers meet: bad usage, configuration or input, in one clear line."""


class ReplyKitError(Exception):
    """Something that the user can mend; its text is one line: place, cause, next step.

    The command line prints it on stderr and ends with exit code 2; a traceback is never shown.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
