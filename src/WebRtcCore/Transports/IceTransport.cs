namespace WebRtcCore;

/// <summary>W3C <c>RTCIceTransport</c>. State and events belong to the API dispatcher; reading is safe from any thread.</summary>
public sealed class IceTransport
{
    // As many as the agent takes; this list is for show.
    private const int MaxRemoteCandidates = 100;

    private readonly List<IceCandidate> _localCandidates = [];
    private readonly List<IceCandidate> _remoteCandidates = [];

    internal IceTransport()
    {
    }

    /// <summary>Which side nominates.</summary>
    public IceRole Role { get; internal set; }

    /// <summary>RTP, with RTCP multiplexed.</summary>
    public IceComponent Component { get; } = IceComponent.Rtp;

    /// <summary>The state of the checks.</summary>
    public IceTransportState State { get; private set; }

    /// <summary>The state of gathering.</summary>
    public IceGatheringState GatheringState { get; internal set; }

    /// <summary>Why <see cref="State"/> is <see cref="IceTransportState.Failed"/>. Not W3C's.</summary>
    public IceFailureReason FailureReason { get; internal set; }

    /// <summary>The state has changed.</summary>
    public event EventHandler? StateChange;

    /// <summary>The gathering state has changed.</summary>
    public event EventHandler? GatheringStateChange;

    /// <summary>Data now goes over another candidate pair.</summary>
    public event EventHandler? SelectedCandidatePairChange;

    private IceCandidatePair? _selectedPair;
    private IceParameters? _localParameters;
    private IceParameters? _remoteParameters;

    /// <summary>The candidates of this side that have been signalled.</summary>
    public IReadOnlyList<IceCandidate> GetLocalCandidates()
    {
        lock (_localCandidates)
        {
            return [.. _localCandidates.Where(c => c.UsernameFragment == _localParameters?.UsernameFragment)];
        }
    }

    /// <summary>The candidates that the peer has signalled.</summary>
    public IReadOnlyList<IceCandidate> GetRemoteCandidates()
    {
        lock (_remoteCandidates)
        {
            return [.. _remoteCandidates];
        }
    }

    /// <summary>The pair that data goes over, or <see langword="null"/>.</summary>
    public IceCandidatePair? GetSelectedCandidatePair() => _selectedPair;

    /// <summary>This side's user name fragment and password, once there is a local description.</summary>
    public IceParameters? GetLocalParameters() => _localParameters;

    /// <summary>The peer's user name fragment and password, once there is a remote description.</summary>
    public IceParameters? GetRemoteParameters() => _remoteParameters;

    internal void SetParameters(IceParameters? local, IceParameters? remote)
    {
        if (local is not null && local != _localParameters)
        {
            // Those before a restart are of use again if its offer is rolled back.
            lock (_localCandidates)
            {
                _localCandidates.RemoveAll(c => c.UsernameFragment != local.UsernameFragment && c.UsernameFragment != _localParameters?.UsernameFragment);
                _localParameters = local;
            }
        }

        if (remote is not null && remote != _remoteParameters)
        {
            _remoteParameters = remote;
            lock (_remoteCandidates)
            {
                _remoteCandidates.Clear();
            }
        }
    }

    internal void AddLocalCandidate(IceCandidate candidate)
    {
        lock (_localCandidates)
        {
            if (!_localCandidates.Contains(candidate))
            {
                _localCandidates.Add(candidate);
            }
        }
    }

    internal void AddRemoteCandidate(IceCandidate candidate)
    {
        lock (_remoteCandidates)
        {
            if (_remoteCandidates.Count < MaxRemoteCandidates)
            {
                _remoteCandidates.Add(candidate);
            }
        }
    }

    internal bool SetState(IceTransportState state)
    {
        if (State == state || State == IceTransportState.Closed)
        {
            return false;
        }

        State = state;
        return true;
    }

    internal void RaiseStateChange() => StateChange?.Invoke(this, EventArgs.Empty);

    internal void RaiseGatheringStateChange() => GatheringStateChange?.Invoke(this, EventArgs.Empty);

    internal void SelectPair(IceCandidatePair pair)
    {
        _selectedPair = pair;
        SelectedCandidatePairChange?.Invoke(this, EventArgs.Empty);
    }
}
