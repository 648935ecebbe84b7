namespace WebRtcCore.Media.Opus;

/// <summary>Requests of <c>opus_encoder_ctl</c> (opus_defines.h).</summary>
internal enum OpusControl
{
    SetBitrate = 4002,
    SetMaxBandwidth = 4004,
    SetVbr = 4006,
    SetComplexity = 4010,
    SetInbandFec = 4012,
    SetPacketLossPercentage = 4014,
    SetDtx = 4016,
    SetVbrConstraint = 4020,
}
