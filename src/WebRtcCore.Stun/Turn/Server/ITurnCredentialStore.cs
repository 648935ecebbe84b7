namespace WebRtcCore.Stun;

/// <summary>Knows the passwords of a TURN server's users. Called on the relay's thread, once per request of a client that is not known yet: it must not block.</summary>
public interface ITurnCredentialStore
{
    /// <summary>The password of a user; <see langword="null"/> if there is no such user, or not any more.</summary>
    /// <param name="username">As received, up to 508 bytes of UTF-8.</param>
    string? FindPassword(string username);
}
