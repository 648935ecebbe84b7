using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>Rows 13, 14 and 18 to 20 of security.md, seen from outside an endpoint.</summary>
public class SecurityTests
{
    [Test]
    public void Unauthenticated_rubbish_at_any_moment_never_fails_a_handshake([Range(1, 8)] int seed)
    {
        var random = new SeededRandomSource(seed);
        using var pair = new DtlsPair();
        var injected = 0;
        pair.Network = sent =>
        {
            // Before every genuine datagram each end is shown rubbish.
            foreach (var rubbish in Rubbish(random))
            {
                injected++;
                pair.Client.HandleDatagram(rubbish.ToArray(), default, pair.Now);
                pair.Server.HandleDatagram(rubbish.ToArray(), default, pair.Now);
            }

            return [(sent.Data, DtlsPair.Delay)];
        };
        pair.Start();
        Assert.That(pair.Drive(() => pair.AreConnected, TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(injected, Is.GreaterThan(50));
        pair.SendData(fromClient: true, [1]);
        pair.Drive(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.ServerReceived, Is.EqualTo(new byte[][] { [1] }));
    }

    [Test]
    public void An_unacceptable_client_hello_does_not_spoil_the_genuine_one()
    {
        // The race of CVE-2023-49786: somebody else's hello comes first.
        using var pair = new DtlsPair();
        var hello = new ClientHello { Version = RecordHeader.Dtls12, Random = new byte[32], CipherSuites = [0x0000] };
        pair.Server.Start(pair.Now);
        pair.Inject(toClient: false, PlaintextHandshake(hello));
        Assert.That(pair.Server.State, Is.EqualTo(DtlsState.Connecting));
        Assert.That(pair.Log[^1].Data[0], Is.EqualTo((byte)ContentType.Alert), "its sender is told");
        pair.Client.Start(pair.Now);
        Assert.That(pair.Drive(() => pair.AreConnected), Is.True);
    }

    [Test]
    public void A_server_that_only_ever_hears_unacceptable_hellos_says_why_it_failed()
    {
        using var pair = new DtlsPair(DtlsPair.ClientOptions() with { CipherSuites = [DtlsCipherSuite.EcdheRsaAes128GcmSha256] });
        pair.Start();
        Assert.That(pair.Drive(() => pair.Server.State == DtlsState.Failed), Is.True);
        Assert.That(pair.Server.Error, Is.EqualTo(DtlsErrorKind.NoCommonParameters));
        Assert.That(pair.ClientEvents.Select(e => (e.Kind, e.Alert, e.IsAuthenticated)), Does.Contain((DtlsEventKind.AlertReceived, (DtlsAlertDescription?)DtlsAlertDescription.HandshakeFailure, false)));
        Assert.That(pair.Client.Error, Is.EqualTo(DtlsErrorKind.HandshakeTimeout));
    }

    [Test]
    public void A_plaintext_alert_changes_nothing([Values] bool toClient, [Values] bool connected)
    {
        using var pair = connected ? DtlsPair.Connected() : new DtlsPair();
        if (!connected)
        {
            pair.Start();
        }

        foreach (var description in new byte[] { 0, 10, 40, 80 })
        {
            pair.Inject(toClient, [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, description]);
        }

        Assert.That(pair.Drive(() => pair.AreConnected), Is.True);
    }

    [Test]
    public void Plaintext_application_data_is_never_delivered([Values] bool connected)
    {
        using var pair = connected ? DtlsPair.Connected() : new DtlsPair();
        if (!connected)
        {
            pair.Start();
        }

        byte[] record = [23, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 3, 1, 2, 3];
        pair.Inject(toClient: true, record);
        pair.Inject(toClient: false, record);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.AreConnected, Is.True);
        Assert.That(pair.ClientReceived.Concat(pair.ServerReceived), Is.Empty);
        Assert.That(pair.Server.Statistics.UnexpectedRecords, Is.EqualTo(1));
    }

    [Test]
    public void A_replayed_record_is_delivered_once()
    {
        using var pair = DtlsPair.Connected();
        pair.Network = sent => Enumerable.Repeat((sent.Data, DtlsPair.Delay), 3);
        pair.SendData(fromClient: true, [42]);
        pair.Drive(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.ServerReceived, Is.EqualTo(new byte[][] { [42] }));
        Assert.That(pair.Server.Statistics.ReplayedRecords, Is.EqualTo(2));
    }

    [Test]
    public void Any_flipped_byte_of_a_sealed_record_is_dropped_and_counted()
    {
        using var pair = DtlsPair.Connected();
        var record = new byte[100];
        var length = pair.Client.SealApplicationData(record, 5);
        for (var i = 0; i < length; i++)
        {
            var copy = record[..length];
            copy[i] ^= 0x40;
            pair.Inject(toClient: false, copy);
        }

        Assert.That(pair.ServerReceived, Is.Empty);
        Assert.That(pair.Server.State, Is.EqualTo(DtlsState.Connected));
        pair.Inject(toClient: false, record[..length]);
        Assert.That(pair.ServerReceived, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_wrong_fingerprint_fails_in_both_roles()
    {
        using var wrongServer = new DtlsPair(DtlsPair.ClientOptions(peer: TestCertificates.P384));
        wrongServer.Start();
        wrongServer.Drive(() => wrongServer.Client.State == DtlsState.Failed);
        AssertMismatch(wrongServer.Client);
        Assert.That(wrongServer.ClientEvents[^1].Alert, Is.EqualTo(DtlsAlertDescription.BadCertificate));

        using var wrongClient = new DtlsPair(server: DtlsPair.ServerOptions(peer: TestCertificates.P384));
        wrongClient.Start();
        wrongClient.Drive(() => wrongClient.Server.State == DtlsState.Failed);
        AssertMismatch(wrongClient.Server);
        Assert.That(wrongClient.Client.State, Is.Not.EqualTo(DtlsState.Connected));

        static void AssertMismatch(DtlsEndpoint end)
        {
            Assert.That(end.Error, Is.EqualTo(DtlsErrorKind.FingerprintMismatch));
            Assert.That(end.TryExportKeyingMaterial("EXTRACTOR-dtls_srtp", new byte[60]), Is.False);
            Assert.That(end.NegotiatedSrtpProfile, Is.Null);
            Assert.That(end.NextTimeout, Is.Null);
        }
    }

    [Test]
    public void One_right_fingerprint_among_several_suffices()
    {
        var right = TestCertificates.Server.GetFingerprints()[0];
        using var pair = DtlsPair.Connected(DtlsPair.ClientOptions() with
        {
            RemoteFingerprints =
            [
                new DtlsFingerprint("sha-1", "00:11"),
                new DtlsFingerprint("md2", right.Value),
                TestCertificates.Client.GetFingerprints()[0],
                new DtlsFingerprint("SHA-256", right.Value.ToLowerInvariant()),
            ],
        });
        Assert.That(pair.AreConnected, Is.True);
    }

    [Test]
    public void Verification_can_only_be_left_out_explicitly()
    {
        using var pair = DtlsPair.Connected(DtlsPair.ClientOptions() with { RemoteFingerprints = [], RemoteFingerprintVerification = RemoteFingerprintVerification.None });
        Assert.That(pair.Client.RemoteCertificate!.Value.ToArray(), Is.EqualTo(TestCertificates.Server.Encoded.ToArray()));
    }

    [Test]
    public void Without_a_common_srtp_profile_data_lives()
    {
        using var none = DtlsPair.Connected(DtlsPair.ClientOptions() with { SrtpProfiles = [] });
        Assert.That((none.Client.NegotiatedSrtpProfile, none.Server.NegotiatedSrtpProfile), Is.EqualTo(((SrtpProtectionProfile?)null, (SrtpProtectionProfile?)null)));
        using var different = DtlsPair.Connected(
            DtlsPair.ClientOptions() with { SrtpProfiles = [SrtpProtectionProfile.AeadAes128Gcm] },
            DtlsPair.ServerOptions() with { SrtpProfiles = [SrtpProtectionProfile.AeadAes256Gcm] });
        Assert.That(different.Client.NegotiatedSrtpProfile, Is.Null);
        different.SendData(fromClient: true, [9]);
        different.Drive(TimeSpan.FromMilliseconds(20));
        Assert.That(different.ServerReceived, Has.Count.EqualTo(1));
    }

    [Test]
    public void Renegotiation_is_refused_once_and_the_connection_lives()
    {
        using var keyed = new KeyedPair();
        var hello = HandshakeSideMessage(new ClientHello { Version = RecordHeader.Dtls12, Random = new byte[32], CipherSuites = [0xC02B] });
        for (var i = 0; i < 3; i++)
        {
            keyed.Pair.Inject(toClient: false, keyed.Seal(fromClient: true, ContentType.Handshake, hello));
            keyed.Pair.Inject(toClient: true, keyed.Seal(fromClient: false, ContentType.Handshake, new byte[12]));
        }

        keyed.Pair.Drive(TimeSpan.FromMilliseconds(50));
        Assert.That(keyed.Pair.AreConnected, Is.True);
        foreach (var events in new[] { keyed.Pair.ClientEvents, keyed.Pair.ServerEvents })
        {
            Assert.That(events.Count(e => e is { Kind: DtlsEventKind.AlertReceived, Alert: DtlsAlertDescription.NoRenegotiation, IsAuthenticated: true }), Is.EqualTo(1));
        }
    }

    [Test]
    public void An_authenticated_fatal_alert_ends_the_connection_and_a_warning_does_not()
    {
        using var keyed = new KeyedPair();
        keyed.Pair.Inject(toClient: false, keyed.Seal(fromClient: true, ContentType.Alert, [1, 90]));
        Assert.That(keyed.Pair.Server.State, Is.EqualTo(DtlsState.Connected));
        keyed.Pair.Inject(toClient: false, keyed.Seal(fromClient: true, ContentType.Alert, [2, 80]));
        Assert.That(keyed.Pair.Server.State, Is.EqualTo(DtlsState.Failed));
        Assert.That(keyed.Pair.Server.Error, Is.EqualTo(DtlsErrorKind.AlertReceived));
        Assert.That(keyed.Pair.ServerEvents[^1].Alert, Is.EqualTo(DtlsAlertDescription.InternalError));
        Assert.That(keyed.Pair.Server.TryPollTransmit(new byte[1200], out _), Is.False, "an alert is not answered");
    }

    [Test]
    public void Records_of_other_epochs_are_dropped()
    {
        using var pair = DtlsPair.Connected();
        var record = new byte[100];
        var length = pair.Client.SealApplicationData(record, 5);
        record[4] = 2;
        pair.Inject(toClient: false, record[..length]);
        Assert.That(pair.Server.Statistics.UnexpectedRecords, Is.EqualTo(1));
        Assert.That(pair.ServerReceived, Is.Empty);
    }

    [Test]
    public void A_flood_of_repeated_hellos_is_not_amplified()
    {
        using var pair = new DtlsPair();
        pair.Start();
        Assert.That(pair.Drive(() => pair.Server.Statistics.RecordsSent > 0), Is.True);
        var hello = pair.Log[0].Data;
        var before = pair.Log.Count;
        for (var i = 0; i < 1000; i++)
        {
            pair.Inject(toClient: false, hello);
        }

        Assert.That(pair.Log.Count - before, Is.LessThanOrEqualTo(1));
    }

    private static IEnumerable<byte[]> Rubbish(SeededRandomSource random)
    {
        var noise = new byte[1 + random.Next(200)];
        random.Fill(noise);
        yield return noise;

        // Records with a right header and a wrong content, in both epochs.
        foreach (var type in new byte[] { 20, 21, 22, 23 })
        {
            foreach (var epoch in new byte[] { 0, 1, 2 })
            {
                var record = new byte[RecordHeader.Length + 40];
                random.Fill(record);
                new RecordHeader((ContentType)type, RecordHeader.Dtls12, epoch, random.NextUInt16(), 40).Write(record);
                yield return record;
            }
        }

        // Handshake messages that cannot be read, or do not belong where they are, at any sequence number.
        for (ushort sequence = 0; sequence < 6; sequence++)
        {
            yield return PlaintextHandshake(new Finished(new byte[12]), sequence);
            yield return PlaintextHandshake(new HelloVerifyRequest(0, []) { Cookie = new byte[3] }, (ushort)(sequence + 1));
            yield return PlaintextFragment(new HandshakeHeader((HandshakeType)random.Next(30), 20, sequence, 0, 0));
            yield return PlaintextFragment(new HandshakeHeader(HandshakeType.ServerHelloDone, 3, sequence, 5, 1));
        }
    }

    private static byte[] PlaintextHandshake(IHandshakeMessage message, ushort sequence = 0)
    {
        var encoded = HandshakeSideMessage(message, sequence);
        var record = new byte[RecordHeader.Length + encoded.Length];
        new RecordHeader(ContentType.Handshake, RecordHeader.Dtls12, 0, 0, encoded.Length).Write(record);
        encoded.CopyTo(record, RecordHeader.Length);
        return record;
    }

    private static byte[] PlaintextFragment(in HandshakeHeader header)
    {
        var record = new byte[RecordHeader.Length + HandshakeHeader.Length];
        new RecordHeader(ContentType.Handshake, RecordHeader.Dtls12, 0, 0, HandshakeHeader.Length).Write(record);
        var writer = new SpanWriter(record.AsSpan(RecordHeader.Length));
        header.Write(ref writer);
        return record;
    }

    private static byte[] HandshakeSideMessage(IHandshakeMessage message, ushort sequence = 0) => Handshake.HandshakeSide.Message(message, sequence).Encoded;

    /// <summary>A connected pair whose keys the test knows, to say under them what the endpoints themselves never would.</summary>
    private sealed class KeyedPair : IDisposable
    {
        private readonly RecordCipher _client;
        private readonly RecordCipher _server;
        // Ahead of the endpoints, but within the replay window.
        private ulong _sequenceNumber = 50;

        public KeyedPair()
        {
            var line = "";
            Pair = DtlsPair.Connected(DtlsPair.ClientOptions() with { KeyLog = l => line = l });
            var parts = line.Split(' ');
            var serverRandom = Pair.Log.First(sent => !sent.FromClient).Data.AsSpan(RecordHeader.Length + HandshakeHeader.Length + 2, 32).ToArray();
            using var schedule = new Dtls12KeySchedule(
                CipherSuiteInfo.Find(Pair.Client.CipherSuite!.Value)!, Convert.FromHexString(parts[2]), Convert.FromHexString(parts[1]), serverRandom);
            (_client, _server) = schedule.CreateRecordCiphers();
        }

        public DtlsPair Pair { get; }

        public byte[] Seal(bool fromClient, ContentType type, byte[] content)
        {
            var cipher = fromClient ? _client : _server;
            var record = new byte[RecordHeader.Length + content.Length + cipher.Overhead];
            var header = new RecordHeader(type, RecordHeader.Dtls12, 1, _sequenceNumber++, content.Length + cipher.Overhead);
            header.Write(record);
            content.CopyTo(record, RecordHeader.Length + cipher.ExplicitNonceLength);
            cipher.Seal(type, header.FullSequenceNumber, record.AsSpan(RecordHeader.Length));
            return record;
        }

        public void Dispose()
        {
            Pair.Dispose();
            _client.Dispose();
            _server.Dispose();
        }
    }
}
