// SPDX-License-Identifier: Apache-2.0
#include "demo/api_format.h"

namespace luthien::demo {

namespace {
constexpr std::size_t kPieceBytes = 7;
}

const ApiFormat* formatFor(conversation::Api api) noexcept
{
    if (api == conversation::Api::AnthropicMessages)
        return &messagesFormat();
    return api == conversation::Api::OpenAiResponses ? &responsesFormat() : nullptr;
}

std::vector<std::string_view> piecesOf(std::string_view text)
{
    const auto isInsideCharacter = [text](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    std::vector<std::string_view> pieces;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t to = from + kPieceBytes;
        while (isInsideCharacter(to))
            ++to;
        pieces.push_back(text.substr(from, to - from));
        from += pieces.back().size();
    }
    return pieces;
}

} // namespace luthien::demo
