using System.Text;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// The server's side of long-term credentials (RFC 8489, 9.2.4): decides of each request whether its client has proved who it is, or what it is answered
/// instead.
/// </summary>
internal sealed class TurnAuthentication(TurnRelayOptions options, ITurnCredentialStore store, TurnNonces nonces)
{
    private const int MaxUsernameLength = 508;

    // What PASSWORD-ALGORITHMS says: SHA-256 and MD5, without parameters.
    private static ReadOnlySpan<byte> Algorithms => [0, (byte)StunPasswordAlgorithm.Sha256, 0, 0, 0, (byte)StunPasswordAlgorithm.Md5, 0, 0];

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="now">The present.</param>
    /// <param name="identity">Who has sent it; given: dispose it.</param>
    /// <returns><see langword="null"/>, or the error to answer with.</returns>
    public StunErrorCode? Check(scoped in StunMessageView request, TransportAddress client, Instant now, out TurnIdentity? identity)
    {
        identity = null;
        if (!request.HasMessageIntegrity && !request.HasMessageIntegritySha256)
        {
            return StunErrorCode.Unauthenticated;
        }

        if (!request.TryGetAttribute(StunAttributeType.Username, out var username)
            || !request.TryGetAttribute(StunAttributeType.Realm, out _)
            || !request.TryGetAttribute(StunAttributeType.Nonce, out var nonce)
            || username.Length > MaxUsernameLength
            || !TryChoose(request, out var algorithm))
        {
            return StunErrorCode.BadRequest;
        }

        if (!nonces.IsValid(nonce, client, now))
        {
            return StunErrorCode.StaleNonce;
        }

        var name = Encoding.UTF8.GetString(username);
        if (store.FindPassword(name) is not { } password)
        {
            return StunErrorCode.Unauthenticated;
        }

        var candidate = new TurnIdentity(name, StunIntegrityKey.FromLongTermCredential(name, options.Realm, password, algorithm), request.HasMessageIntegritySha256);
        if (!candidate.Verify(request))
        {
            candidate.Dispose();
            return StunErrorCode.Unauthenticated;
        }

        identity = candidate;
        return null;
    }

    /// <summary>Adds what a client needs to try again.</summary>
    public void AddChallenge(ref StunMessageWriter writer, TransportAddress client, Instant now)
    {
        Span<byte> nonce = stackalloc byte[TurnNonces.Length];
        nonces.Write(nonce, client, now);
        writer.AddText(StunAttributeType.Realm, options.Realm);
        writer.Add(StunAttributeType.Nonce, nonce);
        writer.Add(StunAttributeType.PasswordAlgorithms, Algorithms);
    }

    // RFC 8489 9.2.4: the list must come back as it was sent, with one of it; a client that knows nothing of it means MD5.
    private static bool TryChoose(scoped in StunMessageView request, out StunPasswordAlgorithm algorithm)
    {
        var hasList = request.TryGetAttribute(StunAttributeType.PasswordAlgorithms, out var list);
        var hasChoice = request.TryGetAttribute(StunAttributeType.PasswordAlgorithm, out var choice);
        if (!hasList && !hasChoice)
        {
            algorithm = StunPasswordAlgorithm.Md5;
            return true;
        }

        algorithm = default;
        return hasList && hasChoice && list.SequenceEqual(Algorithms) && StunPasswordAlgorithms.TryChoose(choice, out algorithm);
    }
}
