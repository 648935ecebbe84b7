using System.Diagnostics;
using System.Diagnostics.Metrics;
using WebRtcCore.Diagnostics;

namespace WebRtcCore.Tests.Diagnostics;

[NonParallelizable]
public class RtcMeterTests
{
    [Test]
    public void Every_instrument_reports_with_its_tags()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RtcMeter.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        RtcMeter.ConnectionOpened();
        RtcMeter.ConnectionClosed(hadFailed: true);
        RtcMeter.Received(2, 2400);
        RtcMeter.Sent(1, 100);
        RtcMeter.Dropped(DropReason.InboxFull);
        RtcMeter.SetupPhase("ice", TimeSpan.FromSeconds(0.5));
        string[] expected =
        [
            "webrtc.connections.active 1", "webrtc.connections.active -1", "webrtc.connections.ended 1 webrtc.failed=True",
            "webrtc.transport.packets 2 network.io.direction=receive", "webrtc.transport.io 2400 network.io.direction=receive",
            "webrtc.transport.packets 1 network.io.direction=transmit", "webrtc.transport.io 100 network.io.direction=transmit",
            "webrtc.transport.dropped 1 webrtc.reason=InboxFull", "webrtc.setup.duration 0.5 webrtc.phase=ice",
        ];
        Assert.That(seen, Is.SupersetOf(expected));

        void Add(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = FormattableString.Invariant($"{instrument.Name} {value}");
            foreach (var tag in tags)
            {
                text += $" {tag.Key}={tag.Value}";
            }

            lock (seen)
            {
                seen.Add(text);
            }
        }
    }

    [Test]
    public void Setting_up_is_an_activity_with_a_phase_per_event()
    {
        Activity? stopped = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RtcActivity.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => stopped = activity,
        };
        ActivitySource.AddActivityListener(listener);
        var activity = RtcActivity.StartSetup();
        activity.Phase("ice");
        activity.End(hasSucceeded: false, "timeout");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stopped, Is.SameAs(activity));
            Assert.That(stopped!.Events.Select(e => e.Name), Is.EqualTo(new[] { "ice" }));
            Assert.That(stopped.Status, Is.EqualTo(ActivityStatusCode.Error));
        }
    }
}
