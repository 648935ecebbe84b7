namespace WebRtcCore;

/// <summary>The DOMException names that occur in <see cref="RtcException.Name"/>.</summary>
public static class RtcErrorNames
{
    /// <summary>The object is closed, or in a state in which the call makes no sense.</summary>
    public const string InvalidStateError = "InvalidStateError";

    /// <summary>The object does not belong here, for example a sender of another connection.</summary>
    public const string InvalidAccessError = "InvalidAccessError";

    /// <summary>A description or parameter was changed where it must not be.</summary>
    public const string InvalidModificationError = "InvalidModificationError";

    /// <summary>The operation failed for a reason of its own, which the message tells.</summary>
    public const string OperationError = "OperationError";

    /// <summary>The combination asked for is not supported.</summary>
    public const string NotSupportedError = "NotSupportedError";

    /// <summary>A text has a character that it must not have, for example a DTMF tone that does not exist.</summary>
    public const string InvalidCharacterError = "InvalidCharacterError";
}
