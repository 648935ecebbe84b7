using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>
/// Two cores and everything a network and an application can do to them, in the order that an input says: datagrams delivered, lost, repeated, swapped,
/// changed, invented; time passing; commands at any moment.
/// </summary>
internal sealed class Duel
{
    private const int MaxInstructions = 400;
    private const int MaxPending = 256;
    private const int MaxTransmitsPerPoll = 20_000;
    private const int MaxTimeoutsPerInstant = 1000;
    private const int MaxDatagram = 1500;

    private static readonly TimeSpan[] Steps =
        [.. new[] { 0, 1, 5, 20, 50, 100, 200, 500, 1_000, 3_000, 6_000, 15_000, 31_000, 61_000, 130_000, 3_600_000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly IVirtualNode[] _nodes;
    private readonly List<(byte[] Bytes, NetworkPath Path)>[] _pending = [[], []];
    private readonly byte[] _buffer = new byte[MaxDatagram];

    /// <summary>Sets two cores against one another.</summary>
    public Duel(IVirtualNode a, IVirtualNode b) => _nodes = [a, b];

    /// <summary>Makes a changed datagram pass its checksum; the argument says which side is to receive it.</summary>
    public Func<int, byte[], byte[]> Repair { get; init; } = static (_, bytes) => bytes;

    /// <summary>Gives a command: side, command number, argument. May throw what callers' mistakes throw.</summary>
    public Action<int, byte, int, Instant> Command { get; init; } = static (_, _, _, _) => { };

    /// <summary>Makes a datagram of the core's own kind out of free bytes, for the side given.</summary>
    public Func<int, byte[], byte[]> Forge { get; init; } = static (_, bytes) => bytes;

    /// <summary>The present.</summary>
    public Instant Now { get; private set; } = VirtualClock.Start;

    /// <summary>Delivers datagrams in peace, with time passing where none are on their way.</summary>
    public void Settle(int datagrams)
    {
        for (var i = 0; i < datagrams; i++)
        {
            if (_pending[0].Count + _pending[1].Count == 0)
            {
                Advance(TimeSpan.FromMilliseconds(20));
            }

            DeliverNext(_pending[i & 1].Count > 0 ? i & 1 : 1 - (i & 1));
        }
    }

    /// <summary>Plays an input. Its first byte says how many datagrams are delivered in peace before it begins.</summary>
    public void Play(ReadOnlySpan<byte> input)
    {
        var script = new Script(input);
        PollBoth();
        Settle(script.NextByte());
        for (var i = 0; i < MaxInstructions && !script.IsAtEnd; i++)
        {
            var instruction = script.NextByte();
            Step(instruction & 0xF, (instruction >> 4) & 1, ref script);
            PollBoth();
        }

        // Whatever has happened, time goes on.
        Advance(TimeSpan.FromMinutes(2));
    }

    private void Step(int instruction, int side, ref Script script)
    {
        var queue = _pending[side];
        switch (instruction)
        {
            case 0 or 1:
                Settle(1 + (instruction * 8));
                break;
            case 2:
                DeliverNext(side);
                break;
            case 3 when queue.Count > 0:
                queue.RemoveAt(0);
                break;
            case 4 when queue.Count > 0:
                queue.Insert(0, (queue[0].Bytes.ToArray(), queue[0].Path));
                break;
            case 5 when queue.Count > 1:
                (queue[0], queue[1]) = (queue[1], queue[0]);
                break;
            case 6 or 7 when queue.Count > 0:
                Change(queue, ref script, side);
                break;
            case 8 when queue.Count > 0:
                queue[0] = (Repair(side, queue[0].Bytes[..script.NextInt(queue[0].Bytes.Length + 1)]), queue[0].Path);
                break;
            case 9:
                var free = script.NextBytes(script.NextByte()).ToArray();
                Deliver(side, free, PathTo(side));
                break;
            case 10:
                Deliver(side, Forge(side, script.NextBytes(script.NextByte()).ToArray()), PathTo(side));
                break;
            case 11 when queue.Count > 0:
                Insert(queue, ref script, side);
                break;
            case 12 or 13:
                Advance(Steps[script.NextByte() % Steps.Length]);
                break;
            case 14 or 15:
                Call(side, script.NextByte(), script.NextInt(65_536));
                break;
            default:
                break;
        }
    }

    private void Change(List<(byte[] Bytes, NetworkPath Path)> queue, ref Script script, int side)
    {
        var (bytes, path) = queue[0];
        for (var edits = 1 + (script.NextByte() % 4); edits > 0 && bytes.Length > 0; edits--)
        {
            bytes[script.NextInt(bytes.Length)] = script.NextByte();
        }

        queue[0] = (Repair(side, bytes), path);
    }

    private void Insert(List<(byte[] Bytes, NetworkPath Path)> queue, ref Script script, int side)
    {
        var (bytes, path) = queue[0];
        var at = script.NextInt(bytes.Length + 1);
        var inserted = script.NextBytes(script.NextByte() % 64);
        queue[0] = (Repair(side, [.. bytes.AsSpan(0, at), .. inserted, .. bytes.AsSpan(at)]), path);
    }

    private void Call(int side, byte command, int argument)
    {
        try
        {
            Command(side, command, argument, Now);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // A caller's mistake is answered so, and changes nothing.
        }
    }

    private void DeliverNext(int side)
    {
        if (_pending[side].Count > 0)
        {
            var (bytes, path) = _pending[side][0];
            _pending[side].RemoveAt(0);
            Deliver(side, bytes, path);
        }
    }

    private void Deliver(int side, byte[] bytes, NetworkPath path)
    {
        _nodes[side].HandleDatagram(bytes, path, Now);
        PollBoth();
    }

    private void Advance(TimeSpan duration)
    {
        var end = Now + duration;
        var atThisInstant = 0;
        while (Instant.Earliest(_nodes[0].NextTimeout, _nodes[1].NextTimeout) is { } next && next <= end)
        {
            atThisInstant = next > Now ? 0 : atThisInstant + 1;
            if (atThisInstant > MaxTimeoutsPerInstant)
            {
                throw new FuzzViolationException("A timeout stays due.");
            }

            Now = Instant.Max(Now, next);
            foreach (var node in _nodes)
            {
                node.HandleTimeout(Now);
            }

            PollBoth();
        }

        Now = end;
    }

    private void PollBoth()
    {
        Poll(0);
        Poll(1);
    }

    private void Poll(int side)
    {
        var queue = _pending[1 - side];
        for (var count = 0; ; count++)
        {
            _nodes[side].DrainEvents(Now);
            if (!_nodes[side].TryPollTransmit(_buffer, out var transmit))
            {
                return;
            }

            if (transmit.Length <= 0 || transmit.Length > _buffer.Length || count > MaxTransmitsPerPoll)
            {
                throw new FuzzViolationException($"A core sends {transmit.Length} bytes, {count} datagrams at one instant.");
            }

            if (queue.Count < MaxPending)
            {
                var path = transmit.Path is { } own ? new NetworkPath(own.Remote, own.Local) : PathTo(1 - side);
                queue.Add((_buffer[..transmit.Length], path));
            }
        }
    }

    private static NetworkPath PathTo(int side) => side == 0 ? Pair.PathA : Pair.PathB;
}
