import Engine
import Foundation
import Gateway
import Testing

@Suite("Prometheus text")
struct PrometheusTextTests {
    @Test func aMetricIsDeclaredOnceBeforeItsFirstLine() {
        var page = PrometheusText()
        page.counter("a_total", "Things.", 3, labels: [("kind", "x")])
        page.counter("a_total", "Things.", 4, labels: [("kind", "y"), ("z", "1")])
        page.gauge("b", "Level.", 1.5)
        page.gauge("c", "Level.", 2)
        #expect(
            page.text == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{kind="x"} 3
                a_total{kind="y",z="1"} 4
                # HELP b Level.
                # TYPE b gauge
                b 1.5
                # HELP c Level.
                # TYPE c gauge
                c 2

                """
        )
    }

    @Test func labelValuesAreEscaped() {
        var page = PrometheusText()
        page.gauge("a", "A.", 0, labels: [("l", "back\\slash \"quote\" line\nfeed é")])
        #expect(page.text.contains(#"a{l="back\\slash \"quote\" line\nfeed é"} 0"#))
    }

    @Test func aHistogramsBucketsAddUp() {
        let histogram = LatencyHistogram(bounds: [1_000_000, 20_000_000, 1_000_000_000])
        for milliseconds in [0.5, 10, 15, 500, 5000] { histogram.record(.nanoseconds(Int64(milliseconds * 1e6))) }
        var page = PrometheusText()
        page.histogram("t_seconds", "Time.", histogram.snapshot, labels: [("k", "v")])
        let lines = page.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        #expect(
            lines == [
                #"t_seconds_bucket{k="v",le="0.001"} 1"#, #"t_seconds_bucket{k="v",le="0.02"} 3"#,
                #"t_seconds_bucket{k="v",le="1"} 4"#, #"t_seconds_bucket{k="v",le="+Inf"} 5"#,
                #"t_seconds_sum{k="v"} 5.5255"#, #"t_seconds_count{k="v"} 5"#,
            ]
        )
    }
}
