using System.Net.WebSockets;

namespace Signalling;

/// <summary>The request with which a page or program opens its signalling WebSocket.</summary>
internal static class SignalRequest
{
    /// <summary>Accepts the WebSocket, or refuses the request and returns <see langword="null"/>.</summary>
    public static async Task<WebSocket?> AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "This address speaks WebSocket.");
            return null;
        }

        if (!IsOwnPage(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Pages of other sites cannot call here.");
            return null;
        }

        return await context.WebSockets.AcceptWebSocketAsync();
    }

    // A WebSocket is not held back by the same-origin policy: without this, any page could open calls from here.
    private static bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence);
    }
}
