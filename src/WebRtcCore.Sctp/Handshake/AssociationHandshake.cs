using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>Tags, initial TSNs and cookies: who this side is, who the peer is, and what INIT, INIT ACK and COOKIE ECHO make of it.</summary>
internal sealed class AssociationHandshake
{
    private static readonly byte[] Extensions = [(byte)ChunkType.ReConfig, (byte)ChunkType.ForwardTsn];
    private static readonly byte[] InterleavingExtensions =
        [.. Extensions, (byte)ChunkType.InterleavedData, (byte)ChunkType.InterleavedForwardTsn];
    private readonly SctpOptions _options;
    private readonly IRandomSource _random;
    private readonly StateCookieSealer _sealer;

    /// <summary>Draws the local tag and initial TSN.</summary>
    public AssociationHandshake(SctpOptions options, IRandomSource random)
    {
        _options = options;
        _random = random;
        _sealer = new StateCookieSealer(random, options.CookieLifetime);
        LocalTag = DrawTag();
        LocalInitialTsn = new Tsn(random.NextUInt32());
    }

    /// <summary>What packets to this side carry.</summary>
    public uint LocalTag { get; private set; }

    /// <summary>The first TSN sent.</summary>
    public Tsn LocalInitialTsn { get; private set; }

    /// <summary>What packets to the peer carry; 0 while unknown.</summary>
    public uint PeerTag { get; private set; }

    /// <summary>What the peer said of itself; <see langword="null"/> before it did.</summary>
    public StateCookie? Peer { get; private set; }

    /// <summary>The cookie to be echoed.</summary>
    public byte[]? CookieToEcho { get; private set; }

    /// <summary>Streams that may be used for sending.</summary>
    public ushort OutgoingStreams { get; private set; }

    /// <summary>Streams on which the peer may send.</summary>
    public ushort IncomingStreams { get; private set; }

    /// <summary>Whether user messages travel as I-DATA: both sides have listed it (RFC 8260, 2.2.1).</summary>
    public bool IsInterleaving => _options.MessageInterleaving && Peer is { SupportsInterleaving: true };

    /// <summary>Whether messages may be given up: the peer knows the chunk that says so, which is another one with I-DATA.</summary>
    public bool MayAbandon => IsInterleaving ? Peer!.SupportsInterleavedForwardTsn : Peer is { SupportsForwardTsn: true };

    /// <summary>
    /// RFC 9653 5.2: whether a packet of the association may go without checksum. COOKIE ECHO may not; what travels alone never does, as it may answer a stranger.
    /// </summary>
    public bool MayLeaveChecksumOut(SctpAssociationState state) =>
        _options.ZeroChecksum && Peer is { AcceptsZeroChecksum: true } && state != SctpAssociationState.CookieEchoed;

    /// <summary>The INIT to begin with.</summary>
    public InitChunk CreateInit() => Describe(LocalTag, LocalInitialTsn, cookie: null, []);

    /// <summary>The INIT ACK for an INIT, whatever the state (RFC 9260, 5.1, 5.2.1 and 5.2.2). Nothing is remembered.</summary>
    public InitChunk AnswerInit(InitChunk init, SctpAssociationState state, Instant now)
    {
        // While the association is being made, the tag and TSN of the own INIT are given, so that both handshakes lead to the same association.
        // Once it is made, a new tag tells a restarted peer's packets from those of the old association.
        var isBeingMade = state is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed;
        var tag = isBeingMade ? LocalTag : DrawTag();
        var tsn = isBeingMade ? LocalInitialTsn : new Tsn(_random.NextUInt32());
        var hasPeer = PeerTag != 0;
        var cookie = StateCookie.Of(init, tag, tsn, now) with
        {
            LocalTieTag = hasPeer ? LocalTag : 0,
            PeerTieTag = PeerTag,
        };
        return Describe(tag, tsn, _sealer.Seal(cookie), init.Unrecognized);
    }

    /// <summary>Takes the INIT ACK for the own INIT.</summary>
    public void OnInitAck(InitChunk initAck, Instant now)
    {
        Adopt(StateCookie.Of(initAck, LocalTag, LocalInitialTsn, now));
        CookieToEcho = initAck.Cookie;
    }

    /// <summary>Takes a COOKIE ECHO.</summary>
    /// <param name="bytes">The cookie as it came.</param>
    /// <param name="packetTag">The verification tag of its packet.</param>
    /// <param name="state">The association's state.</param>
    /// <param name="now">The present.</param>
    /// <param name="cookie">The cookie, if it is authentic.</param>
    /// <param name="staleness">By how much a stale cookie is too old.</param>
    public CookieOutcome OnCookieEcho(
        ReadOnlySpan<byte> bytes, uint packetTag, SctpAssociationState state, Instant now, out StateCookie? cookie, out TimeSpan staleness)
    {
        staleness = TimeSpan.Zero;
        if (!_sealer.TryOpen(bytes, out cookie) || cookie!.LocalTag != packetTag)
        {
            return CookieOutcome.Discard;
        }

        // RFC 9260 5.2.4, table 12.
        var isLocalSame = cookie.LocalTag == LocalTag;
        var isPeerSame = PeerTag != 0 && cookie.PeerTag == PeerTag;
        var isBeingMade = state is SctpAssociationState.New or SctpAssociationState.CookieWait or SctpAssociationState.CookieEchoed;
        if (isLocalSame && isPeerSame && !isBeingMade)
        {
            return CookieOutcome.Confirm;
        }

        staleness = now - (cookie.CreatedAt + _options.CookieLifetime);
        if (staleness > TimeSpan.Zero && !(isLocalSame && isPeerSame))
        {
            return CookieOutcome.Stale;
        }

        if (isLocalSame && isBeingMade)
        {
            // Actions B and D, and the plain case without an association of its own.
            Adopt(cookie);
            return CookieOutcome.Establish;
        }

        if (!isLocalSame && !isPeerSame && PeerTag != 0 && cookie.LocalTieTag == LocalTag && cookie.PeerTieTag == PeerTag)
        {
            // Action A.
            if (state == SctpAssociationState.ShutdownAckSent)
            {
                return CookieOutcome.ShuttingDown;
            }

            Adopt(cookie);
            return CookieOutcome.Restart;
        }

        return CookieOutcome.Discard;
    }

    /// <summary>Forgets the peer: the association is begun again from INIT.</summary>
    public void ForgetPeer()
    {
        Peer = null;
        PeerTag = 0;
        CookieToEcho = null;
    }

    private void Adopt(StateCookie peer)
    {
        LocalTag = peer.LocalTag;
        LocalInitialTsn = peer.LocalInitialTsn;
        PeerTag = peer.PeerTag;
        Peer = peer;
        OutgoingStreams = Math.Min(_options.OutgoingStreams, peer.PeerIncomingStreams);
        IncomingStreams = Math.Min(_options.IncomingStreams, peer.PeerOutgoingStreams);
    }

    private InitChunk Describe(uint tag, Tsn tsn, byte[]? cookie, IReadOnlyList<byte[]> unrecognized) => new()
    {
        InitiateTag = tag,
        ReceiverWindow = (uint)_options.ReceiveBufferSize,
        OutgoingStreams = _options.OutgoingStreams,
        IncomingStreams = _options.IncomingStreams,
        InitialTsn = tsn,
        Cookie = cookie,
        SupportsForwardTsn = true,
        AcceptsZeroChecksum = _options.ZeroChecksum,
        SupportedExtensions = _options.MessageInterleaving ? InterleavingExtensions : Extensions,
        Unrecognized = unrecognized,
    };

    private uint DrawTag()
    {
        // RFC 9260 5.3.1: 1 to 4294967295.
        uint tag;
        do
        {
            tag = _random.NextUInt32();
        }
        while (tag == 0);
        return tag;
    }
}
