using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls;

#pragma warning disable CS1591, CA1822, CA1801, IDE0060
/// <summary>One end of a DTLS association, sans-IO: the signatures that its owner builds on. The handshake follows.</summary>
public sealed class DtlsEndpoint : IDisposable
{
    public DtlsEndpoint(DtlsRole role, DtlsOptions options, IRandomSource random, ILogger? logger = null) => Role = role;

    public DtlsRole Role { get; }

    public DtlsState State { get; private set; }

    public DtlsErrorKind Error => default;

    public DtlsVersion? Version => null;

    public DtlsCipherSuite? CipherSuite => null;

    public string? CipherSuiteName => null;

    public DtlsGroup? Group => null;

    public SrtpProtectionProfile? NegotiatedSrtpProfile => null;

    public ReadOnlyMemory<byte>? RemoteCertificate => null;

    public DtlsStatistics Statistics => default;

    public Instant? NextTimeout => null;

    public int ApplicationDataOffset => 0;

    public int ApplicationDataOverhead => 0;

    public void Start(Instant now) => State = DtlsState.Connecting;

    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
    }

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
    }

    public void HandleTimeout(Instant now)
    {
    }

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        return false;
    }

    public bool TryPollEvent(out DtlsEvent e)
    {
        e = default;
        return false;
    }

    public int SealApplicationData(Span<byte> record, int plaintextLength) => 0;

    public bool TryExportKeyingMaterial(string label, Span<byte> destination) => false;

    public bool TryExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> destination) => false;

    public void Close(Instant now) => State = DtlsState.Closed;

    public void Dispose()
    {
    }
}
