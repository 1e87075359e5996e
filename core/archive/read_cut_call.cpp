// SPDX-License-Identifier: Apache-2.0
#include "archive/read_cut_call.h"

#include "archive/recorded_reply.h"
#include "conversation/response.h"

#include <optional>
#include <string>
#include <utility>

namespace luthien::archive {

using namespace conversation;

namespace {
class RecordedCutCall final : public store::CutCall
{
public:
    RecordedCutCall(store::CutCallAsked asked, std::shared_ptr<const PriceTable> prices)
        : m_asked(std::move(asked))
        , m_prices(std::move(prices))
        , m_reply(m_asked.api, m_asked.stream,
                  [this](const WireEvent& piece, const StreamEvent& step) { apply(piece, step); })
    {
    }

    void read(const WireEvent& event) override
    {
        const bool isHead = m_reply.read(event) == ReplyPieces::Part::Head;
        if (isHead && !m_firstByteAt)
            m_firstByteAt = event.at;
        if (!isHead && event.kind != WireKind::Request)
            return;
        m_usageBefore.add(m_assembler.response().usage);
        m_assembler = {};
    }

    void describe(CallEnded& ended) override
    {
        m_reply.finish();
        const Response& reply = m_assembler.response();
        ended.httpStatus = static_cast<std::uint16_t>(m_reply.httpStatus());
        ended.stopReason = reply.stopReason;
        ended.rawStopReason = reply.rawStopReason;
        ended.usage = reply.usage;
        ended.usage.add(m_usageBefore);
        ended.model = reply.model;
        ended.firstByteAt = m_firstByteAt;
        ended.firstTokenAt = m_firstTokenAt;
        if (m_assembler.heldBytes() < kMaxUnderstoodBytes && reply != Response())
            m_replyJson = toJson(reply);
        ended.reply = m_replyJson;
        if (m_prices)
            ended.costNanoUsd = m_prices->costOf(
                m_asked.api, ended.model.empty() ? std::string_view(m_asked.model) : ended.model, ended.usage);
    }

private:
    void apply(const WireEvent& piece, const StreamEvent& step)
    {
        if (!m_firstTokenAt && isToken(step))
            m_firstTokenAt = piece.at;
        if (m_assembler.heldBytes() < kMaxUnderstoodBytes)
            m_assembler.apply(step);
    }

    const store::CutCallAsked m_asked;
    const std::shared_ptr<const PriceTable> m_prices;
    RecordedReply m_reply;
    ResponseAssembler m_assembler;
    Usage m_usageBefore; ///< of the replies before this one
    std::optional<TimePoint> m_firstByteAt;
    std::optional<TimePoint> m_firstTokenAt;
    std::string m_replyJson;
};
} // namespace

store::ReadCutCall readCutCalls(std::shared_ptr<const PriceTable> prices)
{
    return [prices = std::move(prices)](const store::CutCallAsked& asked) -> std::unique_ptr<store::CutCall> {
        return std::make_unique<RecordedCutCall>(asked, prices);
    };
}

} // namespace luthien::archive
