using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Srtp;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>Gathers a <see cref="StatsReport"/> on the loop: one consistent moment of the whole connection.</summary>
internal sealed class StatsCollector(
    ConnectionContext context, SessionDriver driver, ConnectionStates states, DataChannelRegistry channels, Negotiator negotiator, Certificate certificate)
{
    private const string TransportId = "T01";
    private const string LocalCertificateId = "CF-local";
    private const string RemoteCertificateId = "CF-remote";

    private StatsReport _last = new([]);

    /// <summary>Everything, or what one sender or receiver has to do with. After the connection is closed: the last report.</summary>
    public async Task<StatsReport> CollectAsync(RtpSender? sender, RtpReceiver? receiver, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RtpTransceiver[] transceivers;
        lock (context.Gate)
        {
            transceivers = [.. negotiator.Transceivers];
        }

        var report = await driver.ReadAsync((session, now) => Collect(session, transceivers, now), cancellationToken).ConfigureAwait(false);
        if (report is not null)
        {
            _last = report;
        }

        return sender is null && receiver is null ? _last : StatsSelection.Select(_last, sender, receiver);
    }

    private StatsReport Collect(RtcSession session, RtpTransceiver[] transceivers, Instant now)
    {
        var entries = new List<RtcStats>();
        var time = driver.Clock.ToWallClock(now);
        var (opened, closed) = channels.Counts;
        entries.Add(new PeerConnectionStats { Id = "P", Timestamp = time, DataChannelsOpened = opened, DataChannelsClosed = closed });
        AddTransport(entries, session, time);
        AddCertificates(entries, session, time);
        foreach (var (channel, handle) in channels.GetAll())
        {
            var figures = session.Data.GetStatistics(handle);
            entries.Add(new DataChannelStats
            {
                Id = $"D{handle.Value}",
                Timestamp = time,
                Label = channel.Label,
                Protocol = channel.Protocol,
                DataChannelIdentifier = channel.Id,
                State = channel.ReadyState,
                MessagesSent = figures.MessagesSent,
                BytesSent = figures.BytesSent,
                MessagesReceived = figures.MessagesReceived,
                BytesReceived = figures.BytesReceived,
            });
        }

        new MediaStatsCollector(session, driver.Clock, TransportId, now).AddTo(entries, transceivers);
        return new StatsReport(entries);
    }

    private void AddTransport(List<RtcStats> entries, RtcSession session, DateTimeOffset time)
    {
        string? selected = null;
        foreach (var pair in session.Ice.GetCandidatePairs())
        {
            var (local, remote) = (Hide(pair.Local), CandidatePrivacy.Remote(pair.Remote, IsHiding(session)));
            var id = $"CP{pair.Id}";
            selected = pair.IsSelected ? id : selected;
            var traffic = session.Traffic.Get(pair.Path);
            entries.Add(new IceCandidatePairStats
            {
                Id = id,
                Timestamp = time,
                TransportId = TransportId,
                LocalCandidateId = CandidateId('L', local),
                RemoteCandidateId = CandidateId('R', remote),
                State = ToState(pair.State),
                Nominated = pair.IsNominated,
                Priority = pair.Priority,
                PacketsSent = traffic?.PacketsSent ?? 0,
                PacketsReceived = traffic?.PacketsReceived ?? 0,
                BytesSent = traffic?.BytesSent ?? 0,
                BytesReceived = traffic?.BytesReceived ?? 0,
                LastPacketSentTimestamp = ToTime(traffic?.LastSent),
                LastPacketReceivedTimestamp = ToTime(traffic?.LastReceived),
                CurrentRoundTripTime = pair.CurrentRoundTripTime,
                TotalRoundTripTime = pair.TotalRoundTripTime,
                AvailableOutgoingBitrateBps = pair.IsSelected ? session.Rtp.TargetBitrateBps : null,
                RequestsSent = pair.RequestsSent,
                RequestsReceived = pair.RequestsReceived,
                ResponsesSent = pair.ResponsesSent,
                ResponsesReceived = pair.ResponsesReceived,
                ConsentRequestsSent = pair.ConsentRequestsSent,
            });
            AddCandidate(entries, CandidateId('L', local), local, isLocal: true, time);
            AddCandidate(entries, CandidateId('R', remote), remote, isLocal: false, time);
        }

        foreach (var candidate in session.Ice.GetLocalCandidates().Select(Hide))
        {
            AddCandidate(entries, CandidateId('L', candidate), candidate, isLocal: true, time);
        }

        foreach (var candidate in session.Ice.GetRemoteCandidates().Select(c => CandidatePrivacy.Remote(c, IsHiding(session))))
        {
            AddCandidate(entries, CandidateId('R', candidate), candidate, isLocal: false, time);
        }

        var total = session.Traffic.Total;
        entries.Add(new TransportStats
        {
            Id = TransportId,
            Timestamp = time,
            PacketsSent = total.PacketsSent,
            PacketsReceived = total.PacketsReceived,
            BytesSent = total.BytesSent,
            BytesReceived = total.BytesReceived,
            IceRole = states.Ice.Role,
            IceLocalUsernameFragment = session.Ice.LocalCredentials.UsernameFragment,
            IceState = (IceTransportState)session.Ice.State,
            DtlsState = states.Dtls.State,
            DtlsRole = states.DtlsRole,
            TlsVersion = session.Dtls?.Version is { } version ? ((ushort)version).ToString("X4", System.Globalization.CultureInfo.InvariantCulture) : null,
            DtlsCipher = session.Dtls?.CipherSuiteName,
            SrtpCipher = ToName(session.SrtpProfile),
            SelectedCandidatePairId = selected,
            SelectedCandidatePairChanges = session.SelectedPathChanges,
            LocalCertificateId = LocalCertificateId,
            RemoteCertificateId = session.Dtls?.RemoteCertificate is null ? null : RemoteCertificateId,
        });
    }

    private void AddCertificates(List<RtcStats> entries, RtcSession session, DateTimeOffset time)
    {
        entries.Add(ToStats(LocalCertificateId, certificate.Core.Encoded, time));
        if (session.Dtls?.RemoteCertificate is { } remote)
        {
            entries.Add(ToStats(RemoteCertificateId, remote, time));
        }
    }

    private static CertificateStats ToStats(string id, ReadOnlyMemory<byte> encoded, DateTimeOffset time)
    {
        var fingerprint = Dtls.DtlsFingerprint.Compute("sha-256", encoded.Span);
        return new CertificateStats
        {
            Id = id,
            Timestamp = time,
            Fingerprint = fingerprint.Value,
            FingerprintAlgorithm = fingerprint.Algorithm,
            Base64Certificate = Convert.ToBase64String(encoded.Span),
        };
    }

    private static void AddCandidate(List<RtcStats> entries, string id, Ice.IceCandidate candidate, bool isLocal, DateTimeOffset time)
    {
        if (entries.Any(entry => entry.Id == id))
        {
            return;
        }

        var type = (IceCandidateType)candidate.Type;
        var protocol = candidate.Protocol == TransportProtocol.Tcp ? IceProtocol.Tcp : IceProtocol.Udp;
        var address = candidate.HostName ?? (candidate.Address.IsNone || candidate.Address.IsAny ? null : candidate.Address.ToIPAddress().ToString());
        var related = candidate.RelatedAddress is { IsNone: false, IsAny: false } r ? r : (TransportAddress?)null;
        IceCandidateStats stats = isLocal ? new LocalCandidateStats { Id = id, Timestamp = time } : new RemoteCandidateStats { Id = id, Timestamp = time };
        entries.Add(stats with
        {
            TransportId = TransportId,
            Address = address,
            Port = candidate.Port,
            Protocol = protocol,
            TcpType = (IceTcpCandidateType?)candidate.TcpType,
            CandidateType = type,
            Priority = candidate.Priority,
            Foundation = candidate.Foundation,
            UsernameFragment = candidate.UsernameFragment,
            Url = candidate.ServerUrl,
            RelayProtocol = candidate.RelayProtocol.ToW3C()?.ToW3CString(),
            RelatedAddress = related?.ToIPAddress().ToString(),
            RelatedPort = related?.Port,
        });
    }

    // The same candidate has the same id in every report: foundations and addresses make it.
    private static string CandidateId(char side, Ice.IceCandidate candidate) =>
        $"{side}{candidate.Foundation}-{candidate.HostName ?? candidate.Address.ToString()}-{candidate.Port}-{candidate.Type}";

    private static StatsIceCandidatePairState ToState(IceCandidatePairState state) => state switch
    {
        IceCandidatePairState.Waiting => StatsIceCandidatePairState.Waiting,
        IceCandidatePairState.InProgress => StatsIceCandidatePairState.InProgress,
        IceCandidatePairState.Succeeded => StatsIceCandidatePairState.Succeeded,
        IceCandidatePairState.Failed => StatsIceCandidatePairState.Failed,
        _ => StatsIceCandidatePairState.Frozen,
    };

    // The names of the IANA registry, as browsers print them.
    private static string? ToName(SrtpProfile? profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
        SrtpProfile.Aes128CmHmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
        SrtpProfile.AeadAes128Gcm => "AEAD_AES_128_GCM",
        SrtpProfile.AeadAes256Gcm => "AEAD_AES_256_GCM",
        _ => null,
    };

    private bool IsHiding(RtcSession session) => session.Remotes.HasNames || context.Options.HideHostAddresses;

    private Ice.IceCandidate Hide(Ice.IceCandidate candidate) => CandidatePrivacy.Local(candidate, context.Options.HideHostAddresses);

    private DateTimeOffset? ToTime(Instant? instant) => instant is { } i ? driver.Clock.ToWallClock(i) : null;
}
