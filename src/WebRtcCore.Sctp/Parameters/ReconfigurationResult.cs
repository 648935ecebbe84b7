namespace WebRtcCore.Sctp.Parameters;

/// <summary>Results of a re-configuration (RFC 6525, 4.4).</summary>
internal enum ReconfigurationResult : uint
{
    NothingToDo = 0,
    Performed = 1,
    Denied = 2,
    WrongSequenceNumber = 3,
    RequestAlreadyInProgress = 4,
    BadSequenceNumber = 5,
    InProgress = 6,
}
