namespace VoiceAgent;

/// <summary>
/// Finds when somebody speaks, by energy alone: speech is what is louder than the background by a threshold, for long enough to be no click; a turn ends when
/// it has been quiet for the hang-over. The background is followed: at once when it falls, slowly when it rises, and more slowly still while somebody speaks.
/// Its time is that of the sound it has heard.
/// </summary>
internal sealed class TurnDetector(TurnDetectorOptions options)
{
    // Six of the last ten frames, that is 60 of 100 ms, must be loud for a turn to begin.
    private const int Window = 10;
    private const int LoudFramesToBegin = 6;

    // Below this there is no speech, however quiet the background.
    private const double LeastSpeechLevel = -55;
    private const double LowestFloor = -90;
    private const double HighestFloor = -30;
    private const double InitialFloor = -60;

    // Decibels per frame: 5 dB/s between turns, 0.5 dB/s within.
    private const double RiseBetweenTurns = 0.05;
    private const double RiseInTurn = 0.005;
    private const double Fall = 0.2;

    // Exact zeros come from a muted track, or from nobody: they say nothing of the background.
    private const double Nothing = -96;

    // What is heard first is taken for the background.
    private const int CalibrationFrames = 50;

    private uint _recent;
    private int _calibrated;

    /// <summary>How much has been heard.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>The level of the last frame, in dB below full scale.</summary>
    public double Level { get; private set; } = -100;

    /// <summary>The background's level.</summary>
    public double Floor { get; private set; } = InitialFloor;

    /// <summary>Whether somebody speaks.</summary>
    public bool IsInTurn { get; private set; }

    /// <summary>When the current or last turn began.</summary>
    public TimeSpan TurnBegan { get; private set; }

    /// <summary>When speech was last heard.</summary>
    public TimeSpan LastSpeech { get; private set; }

    /// <summary>What speech must be louder than.</summary>
    public double Threshold => Math.Max(LeastSpeechLevel, Floor + options.ThresholdDecibels);

    /// <summary>Hears the next 10 ms.</summary>
    public TurnChange Accept(ReadOnlySpan<short> frame)
    {
        Time += Voice.FrameDuration;
        Level = Voice.Level(frame);
        bool isLoud = _calibrated >= CalibrationFrames && Level > Threshold;
        _recent = ((_recent << 1) | (isLoud ? 1u : 0u)) & ((1u << Window) - 1);
        FollowFloor();
        if (isLoud)
        {
            LastSpeech = Time;
        }

        if (!IsInTurn)
        {
            if (System.Numerics.BitOperations.PopCount(_recent) < LoudFramesToBegin)
            {
                return TurnChange.None;
            }

            IsInTurn = true;
            TurnBegan = Time - (Window * Voice.FrameDuration);
            return TurnChange.Began;
        }

        if (Time - LastSpeech < options.HangOver && Time - TurnBegan < options.MaxTurn)
        {
            return TurnChange.None;
        }

        IsInTurn = false;
        _recent = 0;
        return TurnChange.Ended;
    }

    private void FollowFloor()
    {
        if (Level <= Nothing)
        {
            return;
        }

        double difference = Level - Floor;
        bool isCalibrating = _calibrated < CalibrationFrames;
        double change = isCalibrating || difference < 0 ? Fall * difference : Math.Min(difference, IsInTurn ? RiseInTurn : RiseBetweenTurns);
        Floor = Math.Clamp(Floor + change, LowestFloor, HighestFloor);
        _calibrated += isCalibrating ? 1 : 0;
    }
}
