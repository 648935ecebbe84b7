using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>What comes in: proves where it belongs before anybody acts on it, and drops and counts the rest.</summary>
internal sealed class InboundStun(CheckContext context, CandidateGatherer gatherer, CheckGenerations generations)
{
    /// <summary>Takes a datagram that should be STUN; false if it was none to act on.</summary>
    public bool TryHandle(ReadOnlySpan<byte> datagram, in NetworkPath path, bool hasFailed, Instant now)
    {
        if (!StunMessageView.TryParse(datagram, out var message) || message.Method != StunMethod.Binding)
        {
            Drop(IceDropReason.Malformed, path);
            return false;
        }

        switch (message.Class)
        {
            case StunClass.Request:
                OnRequest(message, path, hasFailed, now);
                return true;
            case StunClass.SuccessResponse or StunClass.ErrorResponse:
                OnResponse(message, path, now);
                return true;
            default:
                // RFC 8445 11: an indication is a keep-alive; there is nothing to do.
                return false;
        }
    }

    private void OnRequest(scoped in StunMessageView request, in NetworkPath path, bool hasFailed, Instant now)
    {
        // RFC 7675 5.1: without consent nothing is sent on the path, so an agent that has failed does not answer either.
        if (hasFailed || !(gatherer.IsHost(path) || context.Relays.IsRelayed(path.Local)))
        {
            Drop(IceDropReason.NotExpected, path);
        }
        else if (!request.VerifyFingerprint())
        {
            Drop(IceDropReason.BadFingerprint, path);
        }
        else if (!request.TryGetAttribute(StunAttributeType.Username, out var username) || generations.Find(username) is not { } generation)
        {
            // Deviation: RFC 8489 9.1.3 answers 400 or 401 here and below; saying nothing tells a stranger nothing and reflects nothing.
            Drop(IceDropReason.UnknownUsername, path);
        }
        else if (!request.VerifyMessageIntegrity(generation.Credentials.LocalKey))
        {
            Drop(IceDropReason.BadIntegrity, path);
        }
        else
        {
            generation.HandleRequest(request, path, now);
        }
    }

    private void OnResponse(scoped in StunMessageView response, in NetworkPath path, Instant now)
    {
        // STUN servers need not add a FINGERPRINT; whoever adds one must get it right.
        if (response.HasFingerprint && !response.VerifyFingerprint())
        {
            Drop(IceDropReason.BadFingerprint, path);
        }
        else if (!generations.TryHandleResponse(response, path, now) && !gatherer.TryHandleResponse(response, path, now))
        {
            Drop(IceDropReason.UnknownTransaction, path);
        }
    }

    private void Drop(IceDropReason reason, in NetworkPath path)
    {
        context.Drops.Add(reason);
        Log.Dropped(context.Logger, new RedactedAddress(path.Remote), reason);
    }
}
