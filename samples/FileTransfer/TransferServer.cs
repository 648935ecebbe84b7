namespace FileTransfer;

/// <summary>Serves the page, and whoever connects, until the program is ended.</summary>
internal static class TransferServer
{
    public static async Task<int> RunAsync(TransferOptions options, TransferBoard board, Terminal terminal)
    {
        // The page lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        builder.WebHost.UseUrls(options.Urls);

        // The terminal belongs to the progress of the transfers.
        builder.Logging.AddFilter(null, LogLevel.Warning);

        // A failed start is told in one sentence below.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(board);
        builder.Services.AddSingleton<SignalEndpoint>();

        var app = builder.Build();
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        try
        {
            app.Services.GetRequiredService<SignalEndpoint>().Map(app);
            await app.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"Files cannot be exchanged on {options.Urls}: {failure.Message}");
            return 1;
        }

        foreach (string url in app.Urls)
        {
            terminal.WriteLine($"Open {url} in a browser, or --connect to it. Ctrl-C ends the program, c cancels the transfers that run.");
        }

        if (options.ReceiveDirectory is not null)
        {
            terminal.WriteLine($"Files that come in are stored in {Path.GetFullPath(options.ReceiveDirectory)}.");
        }

        terminal.ListenToKeys(options.Keys);
        await terminal.ShowProgressAsync(app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        return 0;
    }
}
