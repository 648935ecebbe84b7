namespace RecordToFile;

/// <summary>What a recorder does.</summary>
internal enum RecorderState
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>It has been told to record, and waits for a picture that a decoder can begin with.</summary>
    Waiting,

    /// <summary>It writes.</summary>
    Recording,

    /// <summary>The file is open, and nothing is written.</summary>
    Paused,
}
