import Actors
import Engine
import Hummingbird
import NIOCore

/// Health, metrics and the list of live calls: what operators and orchestrators ask.
struct OperationsRoutes: Sendable {
    let reception: Reception
    let metrics: MetricsPage
    let tokens: OperatorTokens
    let liveness: LiveCalls
    /// Facts of the configuration for `/health/ready`.
    let facts: @Sendable () -> EventValue
    let metricsToken: String?

    func add(to router: Router<GatewayContext>) {
        router.get("/health/live") { _, _ in Self.json(.ok, .object(["status": .text("live")])) }
        router.get("/health/ready") { _, _ in ready() }
        router.get("/twilio/health") { _, _ in ready() }
        router.get("/metrics") { request, _ in
            if let metricsToken {
                let given = request.headers[.authorization].map { Array($0.utf8) } ?? []
                guard MessageAuthentication.areEqual(given, Array("Bearer \(metricsToken)".utf8)) else {
                    throw APIError(.unauthorized, "unauthorized", "Metrics need the bearer token PARLEY_METRICS_TOKEN.")
                }
            }
            // As the exporters of the Prometheus client libraries take it.
            let query = request.uri.queryParameters
            let only = Set(query.getAll("name[]") + query.getAll("name%5B%5D"))
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: metrics.render(only: only)))
            )
        }
        router.get("/twilio/sessions") { request, context in
            if !context.isLocal(request) {
                let claims = try await Access.claims(of: request, tokens: tokens)
                guard claims.role == .operator else {
                    throw APIError(.forbidden, "forbidden", "This needs the role operator.")
                }
                return Self.json(.ok, liveness.list(tenant: claims.tenant))
            }
            return Self.json(.ok, liveness.list(tenant: "*"))
        }
    }

    private func ready() -> Response {
        let exchange = reception.exchange
        let status = exchange.status
        let body = EventValue.object([
            "status": .text(status), "calls": .number(Double(exchange.activeCalls)),
            "callsLimit": .number(Double(exchange.configuration.maximumCalls)), "engine": facts(),
        ])
        return Self.json(status == "ready" ? .ok : .serviceUnavailable, body)
    }

    static func json(_ status: HTTPResponse.Status, _ value: EventValue) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: value.json))
        )
    }
}
