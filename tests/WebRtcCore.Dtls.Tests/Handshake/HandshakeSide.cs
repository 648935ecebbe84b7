using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests.Handshake;

/// <summary>One side's state machine without an endpoint around it, so that a test can play a peer that breaks the rules, message by message.</summary>
internal sealed class HandshakeSide : IDisposable
{
    private readonly RecordLayer _records = new(new DtlsCounters());
    private readonly OutgoingFlight _flight = new();
    private readonly DtlsHandshake _handshake;
    private ushort _expected;

    public HandshakeSide(DtlsRole role, DtlsOptions? options = null)
    {
        options ??= role == DtlsRole.Client ? DtlsPair.ClientOptions() : DtlsPair.ServerOptions();
        var context = new HandshakeContext(options, new SeededRandomSource((int)role + 50), _records, _flight, NullLogger.Instance);
        _handshake = role == DtlsRole.Client ? new Dtls12ClientHandshake(context) : new Dtls12ServerHandshake(context);
    }

    public bool IsComplete => _handshake.IsComplete;

    public DtlsHandshake Handshake => _handshake;

    /// <summary>A message as it would come out of reassembly.</summary>
    public static HandshakeMessage Message(IHandshakeMessage message, ushort sequence, ushort epoch = 0)
    {
        var encoded = new byte[HandshakeHeader.Length + message.EncodedLength];
        var writer = new SpanWriter(encoded);
        new HandshakeHeader(message.Type, message.EncodedLength, sequence, 0, message.EncodedLength).Write(ref writer);
        message.Write(ref writer);
        return new HandshakeMessage(message.Type, epoch, encoded);
    }

    /// <summary>The plaintext messages of the flight that waits to go out.</summary>
    public List<HandshakeMessage> TakeFlight()
    {
        var messages = new List<HandshakeMessage>();
        var reassembler = new HandshakeReassembler();
        for (; reassembler.NextSequence < _expected; reassembler.Advance())
        {
        }

        var datagram = new byte[4000];
        while (_flight.WriteDatagram(datagram, _records) is var length and not 0)
        {
            foreach (var record in new SentDatagram(true, 0, datagram[..length]).Records)
            {
                Assert.That(RecordHeader.TryParse(record, out var header), Is.True);
                if (header.Epoch == 0 && header.Type == ContentType.Handshake)
                {
                    var reader = new SpanReader(record.AsSpan(RecordHeader.Length));
                    Assert.That(HandshakeHeader.TryParse(ref reader, out var handshakeHeader, out var fragment), Is.True);
                    reassembler.Add(handshakeHeader, fragment, 0);
                }
            }
        }

        while (reassembler.TryPeek(out var message))
        {
            messages.Add(message!);
            reassembler.Advance();
        }

        _expected = reassembler.NextSequence;
        return messages;
    }

    public HandshakeStep Give(HandshakeMessage message) => _handshake.OnMessage(message);

    /// <summary>Gives all messages, which must all be accepted; returns the last verdict.</summary>
    public HandshakeStep GiveAll(IEnumerable<HandshakeMessage> messages)
    {
        var step = HandshakeStep.Accept;
        foreach (var message in messages)
        {
            step = Give(message);
            Assert.That(step.Outcome, Is.EqualTo(StepOutcome.Accepted), $"{message.Type}: {step.Error}");
        }

        return step;
    }

    public void Dispose()
    {
        _handshake.Dispose();
        _records.Dispose();
    }
}
