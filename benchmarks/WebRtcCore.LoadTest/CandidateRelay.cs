namespace WebRtcCore.LoadTest;

/// <summary>Carries the candidates of one side to the other, as a signalling server would; holds them until the other side has a description.</summary>
internal sealed class CandidateRelay
{
    private readonly PeerConnection _target;
    private readonly List<IceCandidate?> _waiting = [];
    private readonly List<Task> _added = [];
    private bool _open;

    public CandidateRelay(PeerConnection source, PeerConnection target)
    {
        _target = target;
        source.IceCandidate += (_, e) => Add(e.Candidate);
    }

    /// <summary>The target has its remote description.</summary>
    public void Open()
    {
        lock (_waiting)
        {
            _open = true;
            _added.AddRange(_waiting.Select(candidate => _target.AddIceCandidateAsync(candidate)));
            _waiting.Clear();
        }
    }

    /// <summary>Throws what adding a candidate threw.</summary>
    public Task CheckAsync()
    {
        lock (_waiting)
        {
            return Task.WhenAll(_added);
        }
    }

    private void Add(IceCandidate? candidate)
    {
        lock (_waiting)
        {
            if (_open)
            {
                _added.Add(_target.AddIceCandidateAsync(candidate));
            }
            else
            {
                _waiting.Add(candidate);
            }
        }
    }
}
