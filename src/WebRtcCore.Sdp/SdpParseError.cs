namespace WebRtcCore.Sdp;

/// <summary>Why and where a description was refused.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="LineNumber">The line, counted from 1; 0 where the fault is not of one line.</param>
/// <param name="Message">A sentence for people. It holds nothing of the text but an attribute's name.</param>
public sealed record SdpParseError(SdpErrorKind Kind, int LineNumber, string Message);
