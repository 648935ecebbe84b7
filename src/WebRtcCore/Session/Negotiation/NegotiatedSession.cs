namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// What the descriptions say that a session must know: immutable, made on the API dispatcher whenever a description is applied, handed to the loop.
/// </summary>
internal sealed record NegotiatedSession
{
    /// <summary>The transport that BUNDLE has chosen; <see langword="null"/> while no m-line is accepted or no remote description known.</summary>
    public NegotiatedTransport? Transport { get; init; }

    /// <summary>The data m-line; <see langword="null"/> if there is none or it is rejected.</summary>
    public NegotiatedData? Data { get; init; }

    /// <summary>The accepted audio and video m-lines, in m-line order. Final only after an answer.</summary>
    public IReadOnlyList<NegotiatedMedia> Media { get; init; } = [];

    /// <summary>Whether an answer, final or provisional, stands behind <see cref="Media"/> and <see cref="Data"/>: only then may they be used.</summary>
    public bool HasAnswer { get; init; }

    /// <summary>Whether data was offered and the answer rejects it.</summary>
    public bool IsDataRejected { get; init; }
}
