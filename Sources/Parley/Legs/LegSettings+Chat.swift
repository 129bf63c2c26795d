import Gateway
import Legs

/// How the vendors' language models are asked, in calls and after them.
extension LegSettings {
    var openAIChat: OpenAIChatConfiguration {
        var configuration = OpenAIChatConfiguration(model: openAIModel, key: openAI.key, baseURL: openAI.baseURL)
        switch openAITokens {
        case .maxCompletionTokens: configuration.tokensMember = .maxCompletionTokens
        case .maxTokens: configuration.tokensMember = .maxTokens
        }
        configuration.asksForUsage = openAIAsksForUsage
        return configuration
    }

    var anthropicChat: AnthropicConfiguration {
        AnthropicConfiguration(model: anthropicModel, key: anthropic.key, baseURL: anthropic.baseURL)
    }
}
