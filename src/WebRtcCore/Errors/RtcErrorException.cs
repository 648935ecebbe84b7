namespace WebRtcCore;

/// <summary>W3C <c>RTCError</c>: an operation failed in a WebRTC-specific way.</summary>
public sealed class RtcErrorException : RtcException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errorDetail">What failed.</param>
    /// <param name="message">A sentence for people.</param>
    public RtcErrorException(RtcErrorDetail errorDetail, string message)
        : base(RtcErrorNames.OperationError, message) => ErrorDetail = errorDetail;

    /// <summary>What failed.</summary>
    public RtcErrorDetail ErrorDetail { get; }

    /// <summary>The line of the description that could not be parsed, from 1, for <see cref="RtcErrorDetail.SdpSyntaxError"/>.</summary>
    public int? SdpLineNumber { get; init; }

    /// <summary>The cause code of the ABORT, for <see cref="RtcErrorDetail.SctpFailure"/>.</summary>
    public int? SctpCauseCode { get; init; }

    /// <summary>The fatal alert that was received, for <see cref="RtcErrorDetail.DtlsFailure"/>.</summary>
    public int? ReceivedAlert { get; init; }

    /// <summary>The fatal alert that was sent, for <see cref="RtcErrorDetail.DtlsFailure"/>.</summary>
    public int? SentAlert { get; init; }
}
