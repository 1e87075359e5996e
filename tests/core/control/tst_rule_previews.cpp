// SPDX-License-Identifier: Apache-2.0
#include "control/rule_previews.h"
#include "conversation/response.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <filesystem>
#include <future>
#include <vector>

using namespace luthien;
using control::RulePreviews;
using policy::ApprovalRule;
using policy::ApprovalScope;

namespace {
const ApprovalRule kRule{.scope = ApprovalScope::Tool, .tool = "Bash"};
}

class TestRulePreviews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        conversation::Response reply;
        reply.blocks.push_back({.kind = conversation::BlockKind::ToolUse, .id = "t", .name = "Bash", .text = "{}"});
        m_store.add({.reply = toJson(reply)});
        QVERIFY(m_store.flush());
    }

    void answersFromAnotherThread()
    {
        RulePreviews previews(m_store.directory());
        std::promise<Result<archive::RulePreview>> promise;
        QThread* thread = nullptr;
        QVERIFY(previews.ask(kRule, {}, [&](Result<archive::RulePreview> seen) {
            thread = QThread::currentThread();
            promise.set_value(std::move(seen));
        }));
        const auto seen = promise.get_future().get();
        QVERIFY(seen.hasValue());
        QCOMPARE(seen->matched, 1U);
        QVERIFY(seen->rule == kRule);
        QVERIFY(thread != QThread::currentThread());
    }

    void whoeverGivesUpIsTold()
    {
        RulePreviews previews(m_store.directory());
        std::promise<void> entered;
        std::promise<void> go;
        QVERIFY(previews.ask(kRule, {}, [&](const auto&) {
            entered.set_value();
            go.get_future().wait();
        }));
        entered.get_future().wait();
        std::promise<Result<archive::RulePreview>> second;
        auto source =
            previews.ask(kRule, {}, [&](Result<archive::RulePreview> seen) { second.set_value(std::move(seen)); });
        QVERIFY(source.has_value());
        source->request_stop();
        go.set_value();
        QCOMPARE(second.get_future().get().error().code, ErrorCode::Timeout);
    }

    void refusesMoreThanCanWait()
    {
        std::promise<void> go;
        std::atomic<int> delivered = 0;
        {
            RulePreviews previews(m_store.directory());
            std::promise<void> entered;
            QVERIFY(previews.ask(kRule, {}, [&](const auto&) {
                entered.set_value();
                go.get_future().wait();
                ++delivered;
            }));
            entered.get_future().wait();
            int taken = 0;
            while (previews.ask(kRule, {}, [&](const auto&) { ++delivered; }))
                QVERIFY(++taken < 100);
            QVERIFY(taken > 0);
            go.set_value();
        } // those that wait are dropped
        QVERIFY(delivered >= 1);
    }

    void saysWhenTheStoreCannotBeRead()
    {
        RulePreviews previews(std::filesystem::path("/nowhere"));
        std::promise<bool> isSeen;
        QVERIFY(previews.ask(kRule, {}, [&](const auto& seen) { isSeen.set_value(seen.hasValue()); }));
        QVERIFY(!isSeen.get_future().get());
    }

private:
    test::SampleStore m_store;
};

LUTHIEN_TEST(tst_rule_previews, TestRulePreviews)
#include "tst_rule_previews.moc"
