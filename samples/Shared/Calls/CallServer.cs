namespace Calls;

/// <summary>Serves a sample's page and its calls until the program is ended.</summary>
internal static class CallServer
{
    /// <summary>Runs until Ctrl-C, and returns the program's exit code.</summary>
    /// <param name="options">Where to serve.</param>
    /// <param name="create">Makes the call of a number.</param>
    /// <param name="greeting">What Ctrl-C does, and what else there is to say.</param>
    /// <param name="addServices">What runs besides the calls.</param>
    /// <param name="map">What is served besides page and signalling.</param>
    /// <param name="limit">How many calls there can be at once.</param>
    public static async Task<int> RunAsync(
        CallOptions options,
        Func<int, ILoggerFactory, PeerCall> create,
        string greeting,
        Action<IServiceCollection>? addServices = null,
        Action<WebApplication>? map = null,
        int limit = CallRegistry.Limit)
    {
        // The page lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // A failed start is told in one sentence below.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(services => new CallRegistry(
            number => create(number, services.GetRequiredService<ILoggerFactory>()), limit, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<CallRegistry>());
        builder.Services.AddCors();
        addServices?.Invoke(builder.Services);

        await using var app = builder.Build();
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseCors();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        OfferEndpoint.Map(app);
        SignalEndpoint.Map(app);
        map?.Invoke(app);

        try
        {
            await app.StartAsync();
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync($"The page cannot be served on {options.Urls}: {failure.Message}");
            return 1;
        }

        foreach (string url in app.Urls)
        {
            Console.WriteLine($"Open {url} in a browser. {greeting}");
        }

        await app.WaitForShutdownAsync();
        return 0;
    }
}
