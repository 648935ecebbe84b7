using System.Text;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

public class DtlsEndpointTests
{
    private static readonly DtlsCipherSuite[] EcdsaSuites =
    [
        DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, DtlsCipherSuite.EcdheEcdsaAes256GcmSha384, DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256,
    ];

    private static readonly DtlsCipherSuite[] RsaSuites =
    [
        DtlsCipherSuite.EcdheRsaAes128GcmSha256, DtlsCipherSuite.EcdheRsaAes256GcmSha384, DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256,
    ];

    [Test]
    public void Connects_in_two_round_trips_without_retransmission()
    {
        using var pair = new DtlsPair();
        pair.Start();
        Assert.That(pair.Drive(() => pair.AreConnected), Is.True);
        Assert.That(pair.Elapsed, Is.EqualTo(DtlsPair.Delay * 4));
        Assert.That(pair.Client.Statistics.FlightRetransmissions + pair.Server.Statistics.FlightRetransmissions, Is.Zero);
        Assert.That(pair.Log, Has.Count.EqualTo(4), "one datagram per flight");
        Assert.That(pair.Client.NextTimeout, Is.Null);
        Assert.That(pair.Server.NextTimeout, Is.Null);
    }

    [Test]
    public void Both_ends_agree_on_everything(
        [ValueSource(nameof(EcdsaSuites))] DtlsCipherSuite suite,
        [Values(DtlsGroup.X25519, DtlsGroup.Secp256r1, DtlsGroup.Secp384r1)] DtlsGroup group)
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions() with { CipherSuites = [suite], Groups = [group] },
            DtlsPair.ServerOptions());
        AssertAgreement(pair, suite, group);
    }

    [Test]
    public void Connects_with_an_rsa_server([ValueSource(nameof(RsaSuites))] DtlsCipherSuite suite)
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions(peer: TestCertificates.Rsa) with { CipherSuites = [suite] },
            DtlsPair.ServerOptions(own: TestCertificates.Rsa));
        AssertAgreement(pair, suite, DtlsGroup.X25519);
    }

    [Test]
    public void Connects_with_an_rsa_client()
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions(own: TestCertificates.Rsa),
            DtlsPair.ServerOptions(peer: TestCertificates.Rsa));
        AssertAgreement(pair, DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, DtlsGroup.X25519);
    }

    [Test]
    public void Connects_with_p384_certificates()
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions(own: TestCertificates.P384, peer: TestCertificates.P384),
            DtlsPair.ServerOptions(own: TestCertificates.P384, peer: TestCertificates.P384));
        AssertAgreement(pair, DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, DtlsGroup.X25519);
    }

    [Test]
    public void The_servers_order_decides()
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions(),
            DtlsPair.ServerOptions() with
            {
                CipherSuites = [DtlsCipherSuite.EcdheEcdsaAes256GcmSha384, DtlsCipherSuite.EcdheEcdsaAes128GcmSha256],
                Groups = [DtlsGroup.Secp384r1, DtlsGroup.X25519],
                SrtpProfiles = [SrtpProtectionProfile.Aes128CmHmacSha1_32, SrtpProtectionProfile.AeadAes128Gcm],
            });
        Assert.That(pair.Client.CipherSuite, Is.EqualTo(DtlsCipherSuite.EcdheEcdsaAes256GcmSha384));
        Assert.That(pair.Client.Group, Is.EqualTo(DtlsGroup.Secp384r1));
        Assert.That(pair.Client.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.Aes128CmHmacSha1_32));
        Assert.That(pair.Server.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.Aes128CmHmacSha1_32));
    }

    [Test]
    public void Data_flows_both_ways_in_place()
    {
        using var pair = DtlsPair.Connected();
        var text = Encoding.ASCII.GetBytes("ping");
        pair.SendData(fromClient: true, text);
        pair.SendData(fromClient: false, [.. text, .. text]);
        pair.Drive(TimeSpan.FromMilliseconds(20));
        Assert.That(pair.ServerReceived, Is.EqualTo(new[] { text }));
        Assert.That(pair.ClientReceived, Is.EqualTo(new[] { (byte[])[.. text, .. text] }));
        Assert.That(pair.ServerEvents[^1].IsInDatagram, Is.True);
    }

    [Test]
    public void Several_records_in_one_datagram_are_several_events()
    {
        using var pair = DtlsPair.Connected();
        var sender = pair.Client;
        var datagram = new byte[200];
        var length = 0;
        for (var i = 1; i <= 3; i++)
        {
            datagram.AsSpan(length + sender.ApplicationDataOffset, i).Fill((byte)i);
            length += sender.SealApplicationData(datagram.AsSpan(length), i);
        }

        pair.Inject(toClient: false, datagram[..length]);
        Assert.That(pair.ServerReceived, Is.EqualTo(new byte[][] { [1], [2, 2], [3, 3, 3] }));
    }

    [Test]
    public void Sealing_and_opening_allocate_nothing([ValueSource(nameof(EcdsaSuites))] DtlsCipherSuite suite)
    {
        using var pair = DtlsPair.Connected(DtlsPair.ClientOptions() with { CipherSuites = [suite] });
        var buffer = new byte[1200];
        var path = default(Primitives.NetworkPath);
        var plaintextLength = 1200 - pair.Client.ApplicationDataOverhead;
        var now = pair.Now;
        var opened = 0;
        var allocated = Allocations.Measure(() =>
        {
            var length = pair.Client.SealApplicationData(buffer, plaintextLength);
            pair.Server.HandleDatagram(buffer.AsSpan(0, length), path, now);
            while (pair.Server.TryPollEvent(out var e))
            {
                opened += e.GetData(buffer).Length == plaintextLength ? 1 : 0;
            }
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(opened, Is.EqualTo(4000));
    }

    [Test]
    public void Application_data_fits_where_it_says()
    {
        using var pair = DtlsPair.Connected();
        Assert.That(pair.Client.ApplicationDataOffset, Is.EqualTo(13 + 8));
        Assert.That(pair.Client.ApplicationDataOverhead, Is.EqualTo(13 + 8 + 16));
        Assert.That(() => pair.Client.SealApplicationData(new byte[36 + 10], 10), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => pair.Client.SealApplicationData(new byte[20_000], 16_385), Throws.InstanceOf<ArgumentException>());
        Assert.That(pair.Client.SealApplicationData(new byte[37], 0), Is.EqualTo(37));
    }

    [Test]
    public void Messages_are_fragmented_to_the_datagram_size([Values(256, 300, 548, 1200)] int size)
    {
        using var pair = DtlsPair.Connected(
            DtlsPair.ClientOptions(own: TestCertificates.Rsa, peer: TestCertificates.Rsa) with { MaxDatagramSize = size },
            DtlsPair.ServerOptions(own: TestCertificates.Rsa, peer: TestCertificates.Rsa) with { MaxDatagramSize = size });
        Assert.That(pair.Log.Max(sent => sent.Data.Length), Is.LessThanOrEqualTo(size));
        Assert.That(pair.Client.Statistics.FlightRetransmissions, Is.Zero);
    }

    [Test]
    public void Close_tells_the_peer()
    {
        using var pair = DtlsPair.Connected();
        pair.Client.Close(pair.Now);
        pair.Drive(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Closed));
        Assert.That(pair.Server.State, Is.EqualTo(DtlsState.Closed));
        Assert.That(pair.ServerEvents.Select(e => (e.Kind, e.State)), Does.Contain((DtlsEventKind.StateChanged, DtlsState.Closed)));
        Assert.That(pair.Log.Count(sent => sent.Data[0] == 21), Is.EqualTo(2), "close_notify and its answer");
        Assert.That(() => pair.Client.SealApplicationData(new byte[100], 1), Throws.InvalidOperationException);
    }

    [Test]
    public void Closing_in_every_state_is_quiet_and_final()
    {
        using var fresh = new DtlsPair();
        fresh.Client.Close(fresh.Now);
        Assert.That(fresh.Client.State, Is.EqualTo(DtlsState.Closed));
        Assert.That(() => fresh.Client.Start(fresh.Now), Throws.InvalidOperationException);

        using var connecting = new DtlsPair();
        connecting.Start();
        connecting.Client.Close(connecting.Now);
        connecting.Client.Close(connecting.Now);
        Assert.That(connecting.Client.State, Is.EqualTo(DtlsState.Closed));
        Assert.That(connecting.Client.NextTimeout, Is.Null);
        connecting.Drive(TimeSpan.FromSeconds(1));
        Assert.That(connecting.Server.State, Is.EqualTo(DtlsState.Connecting), "a plaintext alert is a hint only");
    }

    [Test]
    public void Keeps_quiet_after_disposal()
    {
        var pair = DtlsPair.Connected();
        pair.Client.Dispose();
        pair.Client.Dispose();
        Assert.That(pair.Client.TryPollTransmit(new byte[1200], out _), Is.False);
        Assert.That(pair.Client.TryPollEvent(out _), Is.False);
        Assert.That(pair.Client.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", new byte[60]), Is.False);
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Closed));
        pair.Server.Dispose();
    }

    [Test]
    public void Gives_up_after_the_handshake_timeout()
    {
        using var pair = new DtlsPair { Network = _ => [] };
        pair.Start();
        pair.Drive(TimeSpan.FromSeconds(29));
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Connecting));
        pair.Drive(TimeSpan.FromSeconds(2));
        Assert.That(pair.Client.State, Is.EqualTo(DtlsState.Failed));
        Assert.That(pair.Client.Error, Is.EqualTo(DtlsErrorKind.HandshakeTimeout));
        Assert.That(pair.ClientEvents[^1].Error, Is.EqualTo(DtlsErrorKind.HandshakeTimeout));
        Assert.That(pair.Server.State, Is.EqualTo(DtlsState.Connecting), "a server waits as long as nobody comes");
        Assert.That(pair.Server.NextTimeout, Is.Null);
    }

    [Test]
    public void Retransmits_with_doubling_timeouts()
    {
        using var pair = new DtlsPair { Network = _ => [] };
        pair.Client.SetRoundTripTime(TimeSpan.FromMilliseconds(40));
        pair.Start();
        var times = new List<double>();
        var count = pair.Log.Count;
        while (times.Count < 6)
        {
            pair.Drive(() => pair.Log.Count > count);
            count = pair.Log.Count;
            times.Add(pair.Elapsed.TotalMilliseconds);
        }

        Assert.That(times, Is.EqualTo(new double[] { 80, 240, 560, 1200, 2200, 3200 }));
    }

    [Test]
    public void Exports_only_once_connected_and_never_its_own_secrets()
    {
        using var pair = new DtlsPair();
        var keys = new byte[32];
        Assert.That(pair.Client.TryExportKeyingMaterial("EXPERIMENTAL", keys), Is.False);
        pair.Start();
        Assert.That(pair.Client.TryExportKeyingMaterial("EXPERIMENTAL", keys), Is.False);
        pair.Drive(() => pair.AreConnected);
        Assert.That(pair.Client.TryExportKeyingMaterial("EXPERIMENTAL", keys), Is.True);
        var withContext = new byte[32];
        Assert.That(pair.Client.TryExportKeyingMaterial("EXPERIMENTAL", [], withContext), Is.True);
        Assert.That(withContext, Is.Not.EqualTo(keys), "an empty context is not the same as none");
        Assert.That(() => pair.Client.TryExportKeyingMaterial("key expansion", keys), Throws.ArgumentException);
    }

    [Test]
    public void Logs_keys_only_on_request()
    {
        var lines = new List<string>();
        using var pair = DtlsPair.Connected(DtlsPair.ClientOptions() with { KeyLog = lines.Add });
        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.That(lines[0], Does.Match("^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$"));
    }

    [Test]
    public void Refuses_nonsensical_options()
    {
        var random = new SeededRandomSource(1);
        var options = DtlsPair.ClientOptions();
        Assert.That(() => new DtlsEndpoint(DtlsRole.Client, options with { RemoteFingerprints = [] }, random), Throws.ArgumentException);
        Assert.That(() => new DtlsEndpoint(DtlsRole.Client, options with { Groups = [] }, random), Throws.ArgumentException);
        Assert.That(() => new DtlsEndpoint(DtlsRole.Client, options with { CipherSuites = [] }, random), Throws.ArgumentException);
        Assert.That(() => new DtlsEndpoint(DtlsRole.Client, options with { MaxDatagramSize = 100 }, random), Throws.InstanceOf<ArgumentException>());
    }

    private static void AssertAgreement(DtlsPair pair, DtlsCipherSuite suite, DtlsGroup group)
    {
        foreach (var end in new[] { pair.Client, pair.Server })
        {
            Assert.That(end.CipherSuite, Is.EqualTo(suite));
            Assert.That(end.CipherSuiteName, Does.StartWith("TLS_ECDHE_"));
            Assert.That(end.Group, Is.EqualTo(group));
            Assert.That(end.Version, Is.EqualTo(DtlsVersion.Dtls12));
            Assert.That(end.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.AeadAes128Gcm));
        }

        var client = new byte[60];
        var server = new byte[60];
        Assert.That(pair.Client.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", client), Is.True);
        Assert.That(pair.Server.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", server), Is.True);
        Assert.That(client, Is.EqualTo(server));
        Assert.That(client.Any(b => b != 0), Is.True);
        pair.SendData(fromClient: true, [1, 2, 3]);
        pair.SendData(fromClient: false, [4, 5]);
        pair.Drive(TimeSpan.FromMilliseconds(20));
        Assert.That(pair.ServerReceived, Is.EqualTo(new byte[][] { [1, 2, 3] }));
        Assert.That(pair.ClientReceived, Is.EqualTo(new byte[][] { [4, 5] }));
    }
}
