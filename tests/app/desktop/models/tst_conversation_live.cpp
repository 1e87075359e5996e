// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "live/live_hub.h"
#include "support/test_registry.h"

#include <random>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using conversation::EventKind;

namespace {
CallId callId()
{
    std::array<std::uint8_t, 16> bytes{7};
    return CallId(bytes);
}

live::Delta step(std::uint32_t seq, EventKind kind, std::uint32_t block, std::string text)
{
    return {.call = callId(), .firstSeq = seq, .seq = seq, .kind = kind, .block = block, .text = std::move(text)};
}

/// A reply as its provider sends it: thinking, text and a tool call, in pieces of seeded sizes.
std::vector<live::Delta> script(std::mt19937& random)
{
    std::vector<live::Delta> steps;
    std::uint32_t seq = 1;
    const auto add = [&](EventKind kind, std::uint32_t block, const std::string& text) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = 1 + random() % 24;
            steps.push_back(step(seq++, kind, block, text.substr(at, length)));
            at += length;
        }
    };
    std::string text;
    for (int i = 0; i < 12; ++i)
        text += "Paragraph " + std::to_string(i) + " with *marks*.\n\n```\ncode " + std::to_string(i) + "\n```\n\n";
    add(EventKind::Thinking, 0, "Some thoughts about what is to be done.");
    add(EventKind::Text, 1, text);
    live::Delta tool = step(seq++, EventKind::ToolStart, 2, {});
    tool.id = "tool-1";
    tool.name = "Bash";
    steps.push_back(tool);
    add(EventKind::ToolArgs, 2, R"({"command":"ls -l /some/where"})");
    steps.push_back(step(seq++, EventKind::ToolEnd, 2, {}));
    return steps;
}

/// The record of one call, which follows what happens at its own pace. Requests are answered when the test says so, as
/// the record is then.
class Record final : public ConversationSource
{
public:
    explicit Record(std::vector<live::Delta> steps)
        : m_steps(std::move(steps))
    {
    }

    void loadCalls(const CallsRequest& request) override
    {
        m_pending.emplace_back([this, request] {
            auto loaded = std::make_shared<LoadedCalls>();
            loaded->request = request;
            if (m_isKnown && !request.from)
                loaded->calls.push_back(view());
            Q_EMIT callsLoaded(loaded);
        });
    }
    void loadCall(quint64 token, CallId) override
    {
        m_pending.emplace_back([this, token] {
            if (m_isKnown)
                Q_EMIT callLoaded(token, std::make_shared<CallView>(view()));
        });
    }
    void loadPlaces(quint64, const std::string&, const CallScope&, std::optional<store::Cursor>) override {}
    void findCall(const CallSearch&) override {}
    void findTexts(const TextRequest&) override {}

    /// True if something was asked.
    bool answerOne()
    {
        if (m_pending.empty())
            return false;
        const auto request = std::move(m_pending.front());
        m_pending.erase(m_pending.begin());
        request();
        return true;
    }
    void commit(std::size_t steps, bool isOver)
    {
        m_isKnown = true;
        m_committed = steps;
        m_isOver = isOver;
    }

private:
    [[nodiscard]] CallView view() const
    {
        store::CallRow row{.id = callId(), .model = "m", .stream = true};
        row.identity.session = "s";
        row.cursor = {.micros = 1, .row = 1};
        row.status = m_isOver ? conversation::CallStatus::Completed : conversation::CallStatus::Open;
        CallView made(row);
        made.setRequest({{.blocks = {conversation::Block{.text = "question"}}}}, false);
        for (std::size_t i = 0; i < m_committed; ++i)
            made.apply(m_steps[i]);
        made.settle();
        return made;
    }

    std::vector<live::Delta> m_steps;
    std::vector<std::function<void()>> m_pending;
    std::size_t m_committed = 0;
    bool m_isKnown = false;
    bool m_isOver = false;
};

QStringList shown(const ConversationModel& model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex at = model.index(row);
        lines += QString::number(at.data(ConversationModel::KindRole).toInt()) + u'|' +
                 at.data(ConversationModel::TitleRole).toString() + u'|' +
                 at.data(ConversationModel::TextRole).toString();
    }
    return lines;
}
} // namespace

class TestConversationLive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The session is opened at some instant of a stream, the window drains and the record answers whenever they
    /// happen to, sometimes so late that the hub gives a gap. In the end it is what one sees who opens it afterwards.
    void openedAtAnyInstantNothingIsMissingOrTwice()
    {
        int gaps = 0;
        int late = 0;
        for (unsigned seed = 0; seed < 1'000; ++seed) {
            std::mt19937 random(seed);
            const std::vector<live::Delta> steps = script(random);
            Record record(steps);
            ConversationModel model(record);
            Metrics metrics;
            live::LiveHub hub(metrics);
            // Half of the windows are so slow that they lose steps.
            const live::QueueLimits limits =
                seed % 2 == 0 ? live::QueueLimits{} : live::QueueLimits{.events = 6, .textBytes = 60};
            const auto subscription = hub.subscribe([] {}, limits);
            const auto drain = [&] {
                const live::LiveBatch batch = subscription->drain();
                gaps += batch.gap ? 1 : 0;
                model.applyLive(batch);
            };
            const std::size_t instant = random() % (steps.size() + 1);
            std::size_t committed = 0;
            live::Opened begun{.call = callId(), .model = "m", .stream = true};
            begun.identity.session = "s";
            hub.publish(begun);
            for (std::size_t at = 0; at <= steps.size(); ++at) {
                if (at == instant)
                    model.open(u"s"_s);
                if (at < steps.size())
                    hub.publish(steps[at]);
                if (random() % 7 == 0) {
                    const std::size_t done = std::min(at + 1, steps.size());
                    committed = std::max(committed, done - std::min<std::size_t>(done, random() % 4));
                    record.commit(committed, false);
                    hub.publish(live::Committed{.calls = {{.id = callId(), .session = "s"}}});
                }
                if (random() % 5 == 0)
                    drain();
                if (random() % 4 == 0)
                    late += record.answerOne() ? 1 : 0;
            }
            hub.publish(live::Ended{.call = callId(),
                                    .seq = static_cast<std::uint32_t>(steps.size() + 1),
                                    .status = conversation::CallStatus::Completed});
            record.commit(steps.size(), true);
            hub.publish(live::Committed{.calls = {{.id = callId(), .session = "s"}}});
            drain();
            while (record.answerOne()) {
            }
            Record afterwards(steps);
            afterwards.commit(steps.size(), true);
            ConversationModel whole(afterwards);
            whole.open(u"s"_s);
            while (afterwards.answerOne()) {
            }
            if (shown(model) != shown(whole))
                qWarning("opened at step %zu of %zu, seed %u: %s", instant, steps.size(), seed,
                         qPrintable(shown(model).join(u'\n')));
            QCOMPARE(shown(model), shown(whole));
        }
        qInfo("%d gaps, %d answers while it streamed", gaps, late);
        QVERIFY(gaps > 100 && late > 1'000);
    }
};

LUTHIEN_TEST(tst_conversation_live, TestConversationLive)
#include "tst_conversation_live.moc"
