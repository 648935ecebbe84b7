using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>Keeps what a connection logs, and prints it with the test's output.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("There is one destination.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{_watch.ElapsedMilliseconds,6} {logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    public bool Contains(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public void Dispose() => TestContext.Out.WriteLine(string.Join('\n', _lines));
}
