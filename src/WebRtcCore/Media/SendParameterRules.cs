namespace WebRtcCore;

/// <summary>What W3C forbids in setParameters (webrtc 5.2).</summary>
internal static class SendParameterRules
{
    internal static void ThrowIfNotAllowed(RtpSender sender, RtpSendParameters parameters)
    {
        if (sender.LastTransactionId is null)
        {
            throw RtcException.InvalidState("GetParameters must be called first.");
        }

        if (parameters.TransactionId != sender.LastTransactionId || parameters.Encodings.Count != sender.Encodings.Count ||
            !parameters.Encodings.Select(encoding => encoding.Rid).SequenceEqual(sender.Encodings.Select(encoding => encoding.Rid)))
        {
            throw RtcException.InvalidModification("The transaction id and the number, order and rids of the encodings cannot be changed.");
        }

        if (!parameters.Codecs.SequenceEqual(sender.Codecs) || !parameters.HeaderExtensions.SequenceEqual(sender.HeaderExtensions) ||
            parameters.Rtcp != sender.Rtcp)
        {
            throw RtcException.InvalidModification("Codecs, header extensions and RTCP are read only.");
        }

        foreach (var encoding in parameters.Encodings)
        {
            if (encoding.ScaleResolutionDownBy is < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(parameters), "ScaleResolutionDownBy is 1 or more.");
            }

            if (encoding.MaxFramerate is < 0 || encoding.MaxBitrateBps is < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(parameters), "Limits are not negative.");
            }
        }
    }
}
