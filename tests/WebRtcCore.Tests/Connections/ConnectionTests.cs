using System.Net;

namespace WebRtcCore.Tests.Connections;

public sealed class ConnectionTests
{
    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task Connects_over_each_address_family(string address)
    {
        var options = new PeerConnectionOptions { LocalAddresses = [IPAddress.Parse(address)] };
        await using var pair = new PeerPair(options, options);
        pair.Offerer.CreateDataChannel("x");
        await pair.ConnectAsync();
        var selected = pair.Offerer.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!;
        Assert.That((selected.Local.Address, selected.Remote.Address), Is.EqualTo((address, address)));
    }

    [Test]
    public async Task An_answer_with_all_candidates_needs_no_trickle()
    {
        await using var offerer = new PeerConnection(null, PeerPair.LoopbackOptions);
        await using var answerer = new PeerConnection(null, PeerPair.LoopbackOptions);
        var channel = offerer.CreateDataChannel("x");
        await offerer.SetLocalDescriptionAsync();
        await PeerPair.When(() => offerer.IceGatheringState == IceGatheringState.Complete, check => offerer.IceGatheringStateChange += (_, _) => check());
        await answerer.SetRemoteDescriptionAsync(offerer.LocalDescription!);
        await answerer.SetLocalDescriptionAsync();
        await PeerPair.When(() => answerer.IceGatheringState == IceGatheringState.Complete, check => answerer.IceGatheringStateChange += (_, _) => check());
        Assert.That(answerer.LocalDescription!.Sdp, Does.Contain("a=candidate:").And.Contain("a=end-of-candidates"));
        await offerer.SetRemoteDescriptionAsync(answerer.LocalDescription!);
        await PeerPair.WhenOpen(channel);
    }

    [Test]
    public async Task An_ice_restart_keeps_the_dtls_association_and_the_channel()
    {
        await using var pair = new PeerPair();
        var (local, remote) = await pair.OpenChannelAsync();
        var before = pair.Offerer.Sctp!.Transport.IceTransport.GetLocalParameters();
        var dtls = pair.Offerer.Sctp.Transport;
        await pair.NegotiateAsync(new OfferOptions { IceRestart = true });
        Assert.That(dtls.IceTransport.GetLocalParameters(), Is.Not.EqualTo(before));
        local.Send("still here");
        await foreach (var message in remote.ReadAllAsync().WithCancellation(new CancellationTokenSource(PeerPair.Limit).Token))
        {
            Assert.That(message.Text, Is.EqualTo("still here"));
            break;
        }

        await PeerPair.WhenConnected(pair.Offerer);
        Assert.That(dtls.State, Is.EqualTo(DtlsTransportState.Connected));
    }

    [Test]
    public async Task A_wrong_fingerprint_fails_the_connection()
    {
        await using var pair = new PeerPair();
        pair.Offerer.CreateDataChannel("x");
        await pair.Offerer.SetLocalDescriptionAsync();
        var offer = pair.Offerer.LocalDescription!;
        var at = offer.Sdp.IndexOf("a=fingerprint:sha-256 ", StringComparison.Ordinal) + "a=fingerprint:sha-256 ".Length;
        var forged = offer.Sdp[..at] + (offer.Sdp[at] == 'A' ? 'B' : 'A') + offer.Sdp[(at + 1)..];
        await pair.Answerer.SetRemoteDescriptionAsync(offer with { Sdp = forged });
        await pair.Answerer.SetLocalDescriptionAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(pair.Answerer.LocalDescription!);
        await PeerPair.WhenState(pair.Answerer, PeerConnectionState.Failed);
        Assert.That(pair.Answerer.Sctp!.State, Is.Not.EqualTo(SctpTransportState.Connected));
    }

    [Test]
    public async Task Glare_is_resolved_by_perfect_negotiation_unmodified()
    {
        await using var pair = new PeerPair();
        pair.Offerer.CreateDataChannel("a");
        pair.Answerer.CreateDataChannel("b");
        await pair.Offerer.SetLocalDescriptionAsync();
        await pair.Answerer.SetLocalDescriptionAsync();

        // The answerer is polite: the offer that arrives rolls its own back.
        await pair.Answerer.SetRemoteDescriptionAsync(pair.Offerer.LocalDescription!);
        Assert.That(pair.Answerer.SignalingState, Is.EqualTo(SignalingState.HaveRemoteOffer));
        await pair.Answerer.SetLocalDescriptionAsync();
        await pair.Offerer.SetRemoteDescriptionAsync(pair.Answerer.LocalDescription!);
        await Task.WhenAll(PeerPair.WhenConnected(pair.Offerer), PeerPair.WhenConnected(pair.Answerer));
    }

    [Test]
    public async Task Everything_on_a_closed_connection_is_an_InvalidStateError()
    {
        await using var connection = new PeerConnection(null, PeerPair.LoopbackOptions);
        connection.Close();
        connection.Close();
        Assert.That(connection.SignalingState, Is.EqualTo(SignalingState.Closed));
        Assert.That(connection.ConnectionState, Is.EqualTo(PeerConnectionState.Closed));
        Assert.That(() => connection.CreateDataChannel("x"), InvalidState());
        Assert.That(() => connection.AddTransceiver(MediaKind.Audio), InvalidState());
        Assert.That(async () => await connection.CreateOfferAsync(), InvalidState());
        Assert.That(async () => await connection.SetLocalDescriptionAsync(), InvalidState());

        static NUnit.Framework.Constraints.IResolveConstraint InvalidState() =>
            Throws.TypeOf<RtcException>().With.Property(nameof(RtcException.Name)).EqualTo("InvalidStateError");
    }

    [Test]
    public async Task Nonsense_is_an_SdpSyntaxError_that_names_the_line()
    {
        await using var connection = new PeerConnection(null, PeerPair.LoopbackOptions);
        var error = await Assert.ThrowsAsync<RtcErrorException>(() =>
            connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, "v=0\r\nthis is no sdp\r\n")));
        Assert.That((error!.ErrorDetail, error.SdpLineNumber), Is.EqualTo((RtcErrorDetail.SdpSyntaxError, (int?)2)));
    }

    [Test]
    public async Task Statistics_name_the_transport_and_its_selected_pair()
    {
        await using var pair = new PeerPair();
        await pair.OpenChannelAsync();
        var report = await pair.Offerer.GetStatsAsync();
        var transport = report.GetAll<TransportStats>().Single();
        var selected = report.Find<IceCandidatePairStats>(transport.SelectedCandidatePairId)!;
        Assert.That(transport.DtlsState, Is.EqualTo(DtlsTransportState.Connected));
        Assert.That(transport.TlsVersion, Is.EqualTo("FEFD"));
        Assert.That(selected.State, Is.EqualTo(StatsIceCandidatePairState.Succeeded));
        Assert.That(report.Find<LocalCandidateStats>(selected.LocalCandidateId)!.Address, Is.EqualTo("127.0.0.1"));
        Assert.That(report.GetAll<DataChannelStats>().Single().State, Is.EqualTo(DataChannelState.Open));
        Assert.That(report.GetAll<CertificateStats>().Count(), Is.EqualTo(2));
    }
}
