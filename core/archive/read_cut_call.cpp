// SPDX-License-Identifier: Apache-2.0
#include "archive/read_cut_call.h"

#include "archive/recorded_reply.h"
#include "conversation/reply_account.h"

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
        , m_reply(m_asked.api, m_asked.stream, [this](const WireEvent& piece, const StreamEvent& step) {
            m_account.apply(step, [&piece] { return piece.at; });
        })
    {
    }

    void read(const WireEvent& event) override
    {
        const bool isHead = m_reply.read(event) == ReplyPieces::Part::Head;
        if (isHead)
            m_account.began(event.at);
        if (!isHead && event.kind != WireKind::Request)
            return;
        m_account.startAgain();
    }

    void describe(CallEnded& ended) override
    {
        m_reply.finish();
        ended.httpStatus = static_cast<std::uint16_t>(m_reply.httpStatus());
        m_account.describe(ended);
        if (m_prices)
            ended.costNanoUsd = m_prices->costOf(
                m_asked.api, ended.model.empty() ? std::string_view(m_asked.model) : ended.model, ended.usage);
    }

private:
    const store::CutCallAsked m_asked;
    const std::shared_ptr<const PriceTable> m_prices;
    RecordedReply m_reply;
    ReplyAccount m_account;
};
} // namespace

store::ReadCutCall readCutCalls(std::shared_ptr<const PriceTable> prices)
{
    return [prices = std::move(prices)](const store::CutCallAsked& asked) -> std::unique_ptr<store::CutCall> {
        return std::make_unique<RecordedCutCall>(asked, prices);
    };
}

} // namespace luthien::archive
