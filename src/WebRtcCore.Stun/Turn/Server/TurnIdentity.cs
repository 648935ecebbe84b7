namespace WebRtcCore.Stun;

/// <summary>A user who has proved to be one, for one request and its answer. <see cref="Dispose"/> zeroes the key.</summary>
internal sealed class TurnIdentity(string username, StunIntegrityKey key, bool usesSha256) : IDisposable
{
    public string Username => username;

    public bool Verify(scoped in StunMessageView request) => usesSha256 ? request.VerifyMessageIntegritySha256(key) : request.VerifyMessageIntegrity(key);

    /// <summary>Ends an answer with the integrity that the request had.</summary>
    public void AddIntegrity(ref StunMessageWriter writer)
    {
        if (usesSha256)
        {
            writer.AddMessageIntegritySha256(key);
        }
        else
        {
            writer.AddMessageIntegrity(key);
        }
    }

    public void Dispose() => key.Dispose();
}
