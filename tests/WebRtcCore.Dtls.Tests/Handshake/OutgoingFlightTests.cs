using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Tests.Handshake;

public class OutgoingFlightTests
{
    [Test]
    public void Packs_what_fits_into_one_datagram()
    {
        var datagrams = Write(1200, 100, 0, 300);
        Assert.That(datagrams, Has.Count.EqualTo(1));
        Assert.That(datagrams[0], Has.Length.EqualTo((3 * 25) + 400));
    }

    [Test]
    public void Fills_datagrams_with_fragments()
    {
        var datagrams = Write(256, 1000, 100);
        Assert.That(datagrams.Select(datagram => datagram.Length), Is.All.LessThanOrEqualTo(256));
        Assert.That(datagrams, Has.Count.EqualTo((1100 + (256 - 25) - 1) / (256 - 25)));
        Assert.That(Reassemble(datagrams), Is.EqualTo(new[] { 1000, 100 }));
    }

    [Test]
    public void Leaves_no_splinters()
    {
        // 256 - (25 + 150) = 81 bytes left: room for 56 of the next 200, which is below the least fragment.
        var datagrams = Write(256, 150, 200);
        Assert.That(datagrams.Select(datagram => datagram.Length), Is.EqualTo(new[] { 175, 225 }));
    }

    [Test]
    public void Writes_again_under_new_record_numbers()
    {
        using var records = new RecordLayer(new DtlsCounters());
        var flight = Flight(50);
        var first = new byte[256];
        var second = new byte[256];
        Assert.That(flight.WriteDatagram(first, records), Is.EqualTo(75));
        Assert.That(flight.HasPending, Is.False);
        Assert.That(flight.WriteDatagram(second, records), Is.Zero);
        flight.Rewind();
        Assert.That(flight.WriteDatagram(second, records), Is.EqualTo(75));
        Assert.That(RecordHeader.TryParse(first, out var a) & RecordHeader.TryParse(second, out var b), Is.True);
        Assert.That((a.SequenceNumber, b.SequenceNumber), Is.EqualTo((0UL, 1UL)));
        Assert.That(second.AsSpan(13).SequenceEqual(first.AsSpan(13)), Is.True, "the message keeps its own number");
        flight.Clear();
        Assert.That(flight.IsEmpty, Is.True);
    }

    [Test]
    public void Change_cipher_spec_is_one_byte_in_a_record_of_its_own()
    {
        using var records = new RecordLayer(new DtlsCounters());
        var flight = new OutgoingFlight();
        flight.AddChangeCipherSpec();
        var datagram = new byte[256];
        Assert.That(flight.WriteDatagram(datagram, records), Is.EqualTo(14));
        Assert.That(datagram[..14], Is.EqualTo(new byte[] { 20, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 }));
    }

    private static OutgoingFlight Flight(params int[] lengths)
    {
        var flight = new OutgoingFlight();
        ushort sequence = 0;
        foreach (var length in lengths)
        {
            var header = new HandshakeHeader(HandshakeType.Certificate, length, sequence++, 0, length);
            flight.AddMessage(header, new byte[HandshakeHeader.Length + length], 0);
        }

        return flight;
    }

    private static List<byte[]> Write(int size, params int[] lengths)
    {
        using var records = new RecordLayer(new DtlsCounters());
        var flight = Flight(lengths);
        var datagrams = new List<byte[]>();
        var buffer = new byte[size];
        while (flight.WriteDatagram(buffer, records) is var length and not 0)
        {
            datagrams.Add(buffer[..length]);
        }

        return datagrams;
    }

    private static List<int> Reassemble(List<byte[]> datagrams)
    {
        var reassembler = new HandshakeReassembler();
        foreach (var record in datagrams.SelectMany(datagram => new SentDatagram(true, 0, datagram).Records))
        {
            var reader = new SpanReader(record.AsSpan(RecordHeader.Length));
            Assert.That(HandshakeHeader.TryParse(ref reader, out var header, out var fragment), Is.True);
            reassembler.Add(header, fragment, 0);
        }

        var lengths = new List<int>();
        for (; reassembler.TryPeek(out var message); reassembler.Advance())
        {
            lengths.Add(message!.Body.Length);
        }

        return lengths;
    }
}
