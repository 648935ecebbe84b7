namespace WebRtcCore;

/// <summary>
/// An operation failed in a way for which W3C names a <c>DOMException</c>. Arguments that W3C answers with TypeError or RangeError
/// give <see cref="ArgumentException"/> and <see cref="ArgumentOutOfRangeException"/> instead.
/// </summary>
public class RtcException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The DOMException name, for example <c>InvalidStateError</c>; see <see cref="RtcErrorNames"/>.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public RtcException(string name, string message, Exception? innerException = null)
        : base(message, innerException) => Name = name;

    /// <summary>The DOMException name, exactly as a browser has it.</summary>
    public string Name { get; }

    internal static RtcException InvalidState(string message) => new(RtcErrorNames.InvalidStateError, message);

    internal static RtcException InvalidAccess(string message) => new(RtcErrorNames.InvalidAccessError, message);

    internal static RtcException InvalidModification(string message) => new(RtcErrorNames.InvalidModificationError, message);

    internal static RtcException Operation(string message, Exception? inner = null) => new(RtcErrorNames.OperationError, message, inner);

    internal static RtcException NotSupported(string message) => new(RtcErrorNames.NotSupportedError, message);
}
