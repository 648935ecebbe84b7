using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// The check list (RFC 8445, 6.1.2): pairs ordered by priority, freezing by foundation, bounded in size.
/// With one component and one stream there is one list, so the set's rules are this list's rules.
/// </summary>
internal sealed class CheckList(int maxPairs)
{
    private readonly List<CandidatePair> _pairs = [];
    private readonly Dictionary<NetworkPath, CandidatePair> _byPath = [];
    private readonly Dictionary<(string Local, string Remote), int> _activeByFoundation = [];
    private readonly HashSet<(string Local, string Remote)> _workingFoundations = [];
    private readonly Comparer<CandidatePair> _byPriority = Comparer<CandidatePair>.Create(Compare);
    private readonly int[] _countByState = new int[Enum.GetValues<IceCandidatePairState>().Length];

    /// <summary>The pairs, highest priority first; to be read only. The concrete type lets callers enumerate without allocating.</summary>
    public List<CandidatePair> Pairs => _pairs;

    public int Count(IceCandidatePairState state) => _countByState[(int)state];

    /// <summary>Pairs that are being checked or will be soon: N of the retransmission formula (RFC 8445, 14.3).</summary>
    public int ActiveCount => Count(IceCandidatePairState.Waiting) + Count(IceCandidatePairState.InProgress);

    /// <summary>Whether any pair is still to be checked or unanswered.</summary>
    public bool HasUnfinished => ActiveCount + Count(IceCandidatePairState.Frozen) > 0;

    public bool TryGet(in NetworkPath path, out CandidatePair? pair) => _byPath.TryGetValue(path, out pair);

    /// <summary>
    /// Adds a pair unless its path is there already. A full list makes room by dropping a pair that has failed, or else its lowest-priority pair that is not in
    /// use, if that is worse than the new one (RFC 8445, 6.1.2.5; RFC 8838, 10).
    /// </summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(CandidatePair pair, IceRole role)
    {
        pair.UpdatePriority(role);
        if (_byPath.ContainsKey(pair.Path) || !TryMakeRoom(pair.Priority))
        {
            return false;
        }

        // RFC 8445 6.1.2.6 and 8838 12: one pair of a foundation goes first; the others wait unless that foundation is known to work, or they are better than all of it.
        var isFirst = _workingFoundations.Contains(pair.Foundation) || !_activeByFoundation.ContainsKey(pair.Foundation) || IsBestOfFoundation(pair);
        _byPath.Add(pair.Path, pair);
        pair.IsListed = true;
        Insert(pair);
        pair.State = isFirst ? IceCandidatePairState.Waiting : IceCandidatePairState.Frozen;
        CountIn(pair);
        return true;
    }

    /// <summary>Changes a pair's state; success thaws the pairs of its foundation (RFC 8445, 7.2.5.3.3).</summary>
    public void SetState(CandidatePair pair, IceCandidatePairState state)
    {
        if (pair.State == state || !pair.IsListed)
        {
            return;
        }

        CountOut(pair);
        pair.State = state;
        CountIn(pair);
        if (state == IceCandidatePairState.Succeeded && _workingFoundations.Add(pair.Foundation))
        {
            Thaw(pair.Foundation);
        }
    }

    /// <summary>The next pair for an ordinary check (RFC 8445, 6.1.4.2), or <see langword="null"/>.</summary>
    public CandidatePair? PeekNext()
    {
        if (Count(IceCandidatePairState.Waiting) > 0)
        {
            return _pairs.Find(static p => p.State == IceCandidatePairState.Waiting);
        }

        if (Count(IceCandidatePairState.Frozen) > 0)
        {
            foreach (var pair in _pairs)
            {
                // Nothing of its foundation is under way, so nothing would thaw it.
                if (pair.State == IceCandidatePairState.Frozen && !_activeByFoundation.ContainsKey(pair.Foundation))
                {
                    return pair;
                }
            }
        }

        return null;
    }

    /// <summary>Computes priorities anew and sorts: after a role switch, or when a peer-reflexive candidate got signalled.</summary>
    public void UpdatePriorities(IceRole role)
    {
        foreach (var pair in _pairs)
        {
            pair.UpdatePriority(role);
        }

        _pairs.Sort(_byPriority);
    }

    /// <summary>
    /// Drops the pairs that are still to be checked and whose priority is below <paramref name="priority"/> (RFC 8445, 8.1.2). Those that the peer
    /// has checked stay: Chromium goes over to such a pair later, after it has nominated another one, and its data must not be refused.
    /// </summary>
    // Deviation: RFC 8445 8.1.2 removes every other pair. Those that work are what the connection goes on with when the nominated one falls silent.
    public void DropUncheckedBelow(ulong priority)
    {
        if (Count(IceCandidatePairState.Waiting) + Count(IceCandidatePairState.Frozen) == 0)
        {
            return;
        }

        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var pair = _pairs[i];
            if (pair.Priority < priority && !pair.HasAuthenticatedRequest && pair.State is (IceCandidatePairState.Waiting or IceCandidatePairState.Frozen))
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>Lets the frozen pairs of a foundation go.</summary>
    public void Thaw((string Local, string Remote) foundation)
    {
        foreach (var pair in _pairs)
        {
            if (pair.State == IceCandidatePairState.Frozen && pair.Foundation == foundation)
            {
                SetState(pair, IceCandidatePairState.Waiting);
            }
        }
    }

    /// <summary>Takes a pair off the list.</summary>
    public void Remove(CandidatePair pair)
    {
        if (pair.IsListed)
        {
            RemoveAt(_pairs.IndexOf(pair));
        }
    }

    /// <summary>Whether counts, index and order agree with the pairs; for assertions.</summary>
    public bool IsConsistent()
    {
        Span<int> counts = stackalloc int[_countByState.Length];
        for (var i = 0; i < _pairs.Count; i++)
        {
            counts[(int)_pairs[i].State]++;
            if (!_pairs[i].IsListed || !_byPath.ContainsKey(_pairs[i].Path) || (i > 0 && Compare(_pairs[i - 1], _pairs[i]) > 0))
            {
                return false;
            }
        }

        return _byPath.Count == _pairs.Count && counts.SequenceEqual(_countByState) && _pairs.Count <= maxPairs;
    }

    private static int Compare(CandidatePair left, CandidatePair right)
    {
        var byPriority = right.Priority.CompareTo(left.Priority);
        return byPriority != 0 ? byPriority : left.Id.CompareTo(right.Id);
    }

    private bool IsBestOfFoundation(CandidatePair pair)
    {
        foreach (var other in _pairs)
        {
            if (other.Foundation == pair.Foundation)
            {
                return other.Priority < pair.Priority;
            }
        }

        return true;
    }

    private bool TryMakeRoom(ulong priority)
    {
        if (_pairs.Count < maxPairs)
        {
            return true;
        }

        var hasFailed = Count(IceCandidatePairState.Failed) > 0;
        for (var i = _pairs.Count - 1; i >= 0 && (hasFailed || _pairs[i].Priority < priority); i--)
        {
            if (hasFailed ? _pairs[i].State == IceCandidatePairState.Failed : _pairs[i].State is IceCandidatePairState.Waiting or IceCandidatePairState.Frozen)
            {
                RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    private void Insert(CandidatePair pair)
    {
        var index = _pairs.BinarySearch(pair, _byPriority);
        _pairs.Insert(index < 0 ? ~index : index, pair);
    }

    private void RemoveAt(int index)
    {
        var pair = _pairs[index];
        CountOut(pair);
        _pairs.RemoveAt(index);
        _byPath.Remove(pair.Path);
        pair.IsListed = false;
    }

    private void CountIn(CandidatePair pair)
    {
        _countByState[(int)pair.State]++;
        if (pair.State is IceCandidatePairState.Waiting or IceCandidatePairState.InProgress)
        {
            _activeByFoundation[pair.Foundation] = _activeByFoundation.GetValueOrDefault(pair.Foundation) + 1;
        }
    }

    private void CountOut(CandidatePair pair)
    {
        _countByState[(int)pair.State]--;
        if (pair.State is not (IceCandidatePairState.Waiting or IceCandidatePairState.InProgress))
        {
            return;
        }

        var left = _activeByFoundation[pair.Foundation] - 1;
        if (left == 0)
        {
            _activeByFoundation.Remove(pair.Foundation);
        }
        else
        {
            _activeByFoundation[pair.Foundation] = left;
        }
    }
}
