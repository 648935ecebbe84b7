using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

/// <summary>An association as a host of the virtual network; it collects what happens.</summary>
internal sealed class AssociationNode : IVirtualNode
{
    public AssociationNode(int seed, SctpOptions? options = null, bool isConsuming = true)
    {
        Association = new SctpAssociation(options ?? new SctpOptions(), new SeededRandomSource(seed));
        IsConsuming = isConsuming;
    }

    public AssociationNode(IRandomSource random, SctpOptions? options = null)
    {
        Association = new SctpAssociation(options ?? new SctpOptions(), random);
        IsConsuming = true;
    }

    public SctpAssociation Association { get; }

    /// <summary>Whether received messages give their window back at once.</summary>
    public bool IsConsuming { get; set; }

    public List<SctpEvent> Events { get; } = [];

    public List<(ushort StreamId, uint Ppid, byte[] Bytes)> Messages { get; } = [];

    public Action<Instant>? AfterEvents { get; set; }

    public Instant? NextTimeout => Association.NextTimeout;

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now) => Association.HandleDatagram(datagram, now);

    public void HandleTimeout(Instant now) => Association.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => Association.TryPollTransmit(destination, out transmit);

    public bool Has(SctpEventKind kind) => Events.Any(e => e.Kind == kind);

    public void DrainEvents(Instant now)
    {
        while (Association.TryPollEvent(out var e))
        {
            if (e.Message is { } message)
            {
                Messages.Add((e.StreamId, e.PayloadProtocolId, message.Span.ToArray()));
                if (IsConsuming)
                {
                    Association.ReleaseReceiveCredit(message.Length, now);
                }

                message.Dispose();
            }
            else
            {
                Events.Add(e);
            }
        }

        AfterEvents?.Invoke(now);
    }
}
