using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Send;

// RFC 8899, 5.2.
//
//   Disabled --SetPath--> Base --full packet acknowledged--> Searching --no size left to try--> SearchComplete
//                         ^  |                               ^  |   ^                             |
//                         |  +--full packets vanish--> Error |  |   +-----PMTU_RAISE_TIMER--------+
//                         |                              |   |  |                                 |
//                         |                              +---+ probe of the base size acknowledged |
//                         +------------------ larger packets vanish, another path -----------------+

/// <summary>
/// Path MTU discovery of the packetisation layer (RFC 8899) for one path: how large packets may be. It sends probes, HEARTBEATs padded to the size in question (RFC 4820),
/// and listens to what becomes of data. Sizes of the path are those of IP packets; the owner tells by how many bytes they are larger than SCTP's.
/// </summary>
/// <remarks>The search begins with the first full packet that is acknowledged: who sends little needs no large packets and sends no probes.</remarks>
internal sealed class PathMtuDiscovery
{
    /// <summary>The largest size that is tried: jumbo frames, as far as a path may have them.</summary>
    public const int LargestMtu = 9000;

    /// <summary>A packet length that says nothing about the path: the packet was allowed to be cut into fragments.</summary>
    public const ushort MayBeCutLength = ushort.MaxValue;

    /// <summary>RFC 8899 5.1.2: MAX_PROBES.</summary>
    public const int MaxProbes = 3;

    // Full packets lost in a row, none acknowledged that was sent after the first: the path swallows them.
    private const int LossesForBlackHole = 3;

    // Nearly every path has this, so it is asked for first.
    private const int EthernetMtu = 1500;
    private const int InformationLength = 12;

    /// <summary>RFC 8899 5.1.1: PMTU_RAISE_TIMER.</summary>
    public static readonly TimeSpan RaiseInterval = TimeSpan.FromSeconds(600);

    // RFC 8899 5.1.1: PROBE_TIMER is never shorter. Deviation: the RFC would have it longer than 15 s, for layers that do not know the round-trip time.
    private static readonly TimeSpan LeastProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestErrorInterval = TimeSpan.FromSeconds(64);

    // What links and tunnels have. A size that gets through costs a round trip, one that does not three probe timers: upwards there is one of those.
    private static readonly int[] CommonMtus = [1280, 1360, 1400, 1420, 1430, 1440, 1450, 1460, 1472, 1480, 1492, EthernetMtu, 2304, 4352, 8896, LargestMtu];
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly bool _isEnabled;
    private readonly int _basePacketSize;
    private int _overhead;
    private int _largest;
    private int _confirmed;
    private int _failed;
    private int _probed;
    private int _probeCount;
    private ulong _nonce;
    private int _losses;
    private int _lastLost;
    private Instant _deliveredSentAt;
    private Instant _raiseAt;
    private TimeSpan _errorInterval;
    private bool _isSilent;

    /// <summary>Creates it, switched off until <see cref="SetPath"/>.</summary>
    public PathMtuDiscovery(SctpOptions options, int basePacketSize, IRandomSource random, ILogger? logger = null)
    {
        _logger = logger ?? NullLogger.Instance;
        _isEnabled = options.PathMtuDiscovery;
        _basePacketSize = basePacketSize;
        _random = random;
        PacketSize = basePacketSize;
    }

    /// <summary>The state.</summary>
    public PathMtuState State { get; private set; }

    /// <summary>The largest packet to be sent, in bytes with the common header, a multiple of four.</summary>
    public int PacketSize { get; private set; }

    /// <summary>Whether full packets have to be allowed to be cut into fragments: the path does not take the base size.</summary>
    public bool MayBeCut => State == PathMtuState.Error;

    /// <summary>Whether a probe is to be sent.</summary>
    public bool IsProbeDue { get; private set; }

    /// <summary>The size of the packet that probes.</summary>
    public int ProbeSize => _probed == 0 ? _basePacketSize : ToPacket(_probed);

    /// <summary>When <see cref="OnTimeout"/> is due.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Probes sent.</summary>
    public long ProbesSent { get; private set; }

    /// <summary>How often packets became smaller because large ones had vanished.</summary>
    public long BlackHoles { get; private set; }

    // A packet counts as full from here on: small chunks seldom fill one to the last byte.
    private int FullSize => _basePacketSize - (_basePacketSize / 8);

    /// <summary>Tells what the path adds to a packet and how far to look; cheap, so that the owner may tell it again and again.</summary>
    /// <param name="overhead">By how many bytes an IP packet on the first link is larger than the SCTP packet in it.</param>
    /// <param name="largestMtu">The largest size worth trying; 0 if nothing larger than the base is.</param>
    public void SetPath(int overhead, int largestMtu)
    {
        if ((overhead == _overhead && largestMtu == _largest) || !_isEnabled)
        {
            return;
        }

        _overhead = overhead;
        _largest = Math.Min(largestMtu, LargestMtu);
        if (largestMtu == 0)
        {
            Stop(PathMtuState.Disabled);
        }
        else if (State == PathMtuState.Disabled || _confirmed > _largest)
        {
            Stop(PathMtuState.Base);
        }

        UpdatePacketSize();
    }

    /// <summary>The path is another one: what is known does not hold.</summary>
    public void OnPathChanged()
    {
        if (State != PathMtuState.Disabled)
        {
            Stop(PathMtuState.Base);
        }
    }

    /// <summary>Takes note of an acknowledged fragment.</summary>
    /// <param name="packetLength">How far into its packet the fragment reached: at least so long was the packet.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">The present.</param>
    public void OnDelivered(ushort packetLength, Instant sentAt, Instant now)
    {
        if (packetLength >= FullSize)
        {
            OnFullDelivered(packetLength, sentAt, now);
        }
    }

    /// <summary>Takes note of a fragment that is taken for lost.</summary>
    public void OnLost(ushort packetLength, Instant sentAt)
    {
        // What is longer than packets are now was sent before they became smaller, or may be cut.
        if (packetLength < FullSize || packetLength > PacketSize || sentAt <= _deliveredSentAt || State == PathMtuState.Disabled)
        {
            return;
        }

        // Within a packet fragments reach further and further.
        var isOfSamePacket = _losses > 0 && packetLength > _lastLost;
        _lastLost = packetLength;
        if (isOfSamePacket || ++_losses < LossesForBlackHole)
        {
            return;
        }

        if (PacketSize > _basePacketSize)
        {
            OnBlackHole();
        }
        else if (State != PathMtuState.Error)
        {
            // RFC 8899 5.2, error state. It may be a black-out as well: the base size is asked for at once, and again once something gets through.
            Stop(PathMtuState.Error);
            _isSilent = true;
            _errorInterval = LeastProbeTimeout;
            BeginProbing(0);
        }
    }

    /// <summary>
    /// Takes note that the system refuses a packet as too large for the path. Of a probe that is its answer; of another packet it is a black hole that has been found
    /// without losses: a router has said so.
    /// </summary>
    public void OnTooLarge(bool isProbe, Instant now)
    {
        if (!isProbe)
        {
            if (PacketSize > _basePacketSize)
            {
                OnBlackHole();
            }
        }
        else if (IsProbeDue || Deadline is not null)
        {
            Fail(now);
        }
    }

    /// <summary>Takes the deadline: a probe has not been answered.</summary>
    public void OnTimeout(Instant now)
    {
        if (Deadline is not { } deadline || deadline > now)
        {
            return;
        }

        Deadline = null;
        if (_probeCount < MaxProbes)
        {
            IsProbeDue = true;
        }
        else
        {
            Fail(now);
        }
    }

    /// <summary>Fills a packet of <see cref="ProbeSize"/> that has no chunk yet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="retransmissionTimeout">The association's.</param>
    /// <param name="now">The present.</param>
    public void WriteProbe(ref PacketWriter packet, TimeSpan retransmissionTimeout, Instant now)
    {
        Span<byte> information = stackalloc byte[InformationLength];
        BinaryPrimitives.WriteUInt64BigEndian(information, _nonce);
        BinaryPrimitives.WriteInt32BigEndian(information[8..], packet.Remaining);
        packet.AddEncoded(HeartbeatChunk.Encode(information));
        PadChunk.Write(ref packet, packet.Remaining);
        IsProbeDue = false;
        _probeCount++;
        ProbesSent++;
        Deadline = now + (retransmissionTimeout > LeastProbeTimeout ? retransmissionTimeout : LeastProbeTimeout);
    }

    /// <summary>Takes a HEARTBEAT ACK; <see langword="false"/> if it does not answer the probe under way.</summary>
    public bool OnAck(ChunkView ack, Instant now)
    {
        if (_nonce == 0
            || !HeartbeatChunk.TryParse(ack, out var information)
            || information.Length != InformationLength
            || BinaryPrimitives.ReadUInt64BigEndian(information) != _nonce)
        {
            return false;
        }

        _nonce = 0;
        _losses = 0;
        if (State == PathMtuState.Searching)
        {
            _confirmed = _probed;
            UpdatePacketSize();
            ProbeNext(now);
        }
        else if (State == PathMtuState.Error)
        {
            BeginSearch(now);
        }

        return true;
    }

    private void OnFullDelivered(ushort packetLength, Instant sentAt, Instant now)
    {
        if (packetLength == MayBeCutLength)
        {
            // In fragments it gets through. Perhaps there was a black-out that is over now.
            if (State == PathMtuState.Error && _isSilent)
            {
                _isSilent = false;
                _errorInterval = LeastProbeTimeout;
                BeginProbing(0);
            }

            return;
        }

        _losses = 0;
        _deliveredSentAt = Instant.Max(sentAt, _deliveredSentAt);
        if (State is PathMtuState.Base or PathMtuState.Error || (State == PathMtuState.SearchComplete && now >= _raiseAt))
        {
            BeginSearch(now);
        }
    }

    private void OnBlackHole()
    {
        BlackHoles++;
        Stop(PathMtuState.Base);
    }

    private void BeginSearch(Instant now)
    {
        State = PathMtuState.Searching;
        _failed = int.MaxValue;
        ProbeNext(now);
    }

    // Ethernet first; then all that may be had at once; then upwards.
    private void ProbeNext(Instant now)
    {
        for (var next = ChooseNext(); next > 0; next = ChooseNext())
        {
            if (ToPacket(next) > PacketSize)
            {
                BeginProbing(next);
                return;
            }

            _confirmed = next;
        }

        EndProbing();
        State = PathMtuState.SearchComplete;
        _raiseAt = now + RaiseInterval;
    }

    private int ChooseNext()
    {
        if (IsOpen(Math.Min(EthernetMtu, _largest)))
        {
            return Math.Min(EthernetMtu, _largest);
        }

        if (IsOpen(_largest))
        {
            return _largest;
        }

        foreach (var mtu in CommonMtus)
        {
            if (IsOpen(mtu))
            {
                return mtu;
            }
        }

        return 0;
    }

    private bool IsOpen(int mtu) => mtu > _confirmed && mtu < _failed && mtu <= _largest;

    private void Fail(Instant now)
    {
        if (State == PathMtuState.Error)
        {
            // Until something changes there is no hurry.
            Deadline = now + _errorInterval;
            _probeCount = MaxProbes - 1;
            _errorInterval = _errorInterval * 2 < LongestErrorInterval ? _errorInterval * 2 : LongestErrorInterval;
        }
        else
        {
            _failed = _probed;
            ProbeNext(now);
        }
    }

    private void BeginProbing(int mtu)
    {
        EndProbing();
        _probed = mtu;
        _nonce = _random.NextUInt64() | 1;
        IsProbeDue = true;
    }

    private void EndProbing()
    {
        Deadline = null;
        IsProbeDue = false;
        _probeCount = 0;
        _nonce = 0;
    }

    private void Stop(PathMtuState state)
    {
        EndProbing();
        State = state;
        _confirmed = 0;
        _losses = 0;
        UpdatePacketSize();
    }

    private void UpdatePacketSize()
    {
        var size = Math.Max(_basePacketSize, _confirmed == 0 ? 0 : ToPacket(_confirmed));
        if (size != PacketSize)
        {
            PacketSize = size;
            Log.PacketSizeChanged(_logger, size, State);
        }
    }

    private int ToPacket(int mtu) => Padding.RoundDown(mtu - _overhead);
}
