// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <chrono>
#include <future>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;
using luthien::test::TestDatabase;

/// What people say about sessions.
class TestSessionMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void whatIsNotSaidStays();
    void whatIsTooLongIsRefused();
    void listenersAreTold();
};

namespace {
Result<void> mark(Store& store, const std::string& id, const SessionMarks& marks)
{
    std::promise<Result<void>> answer;
    store.markSession(id, marks, [&](const Result<void>& done) { answer.set_value(done); });
    return answer.get_future().get();
}

/// With a session "s" in it.
std::unique_ptr<Store> storeWithSession(const TestDatabase& test)
{
    auto store = luthien::test::openStore(test);
    luthien::test::RecordedCall call(*store->makeSink(0), "s");
    return store->flush(20s) ? std::move(store) : nullptr;
}
} // namespace

void TestSessionMarks::whatIsNotSaidStays()
{
    const TestDatabase test;
    const auto store = storeWithSession(test);
    QVERIFY(store);
    const auto session = [&] { return store->openReader().value()->session("s").value(); };
    QVERIFY(!session().isPinned);
    QVERIFY(mark(*store, "s", {.pinned = true, .label = "ä label", .note = {}}));
    QVERIFY(mark(*store, "s", {.pinned = {}, .label = {}, .note = "a note"}));
    QVERIFY(session().isPinned);
    QCOMPARE(session().label, std::string("ä label"));
    QCOMPARE(session().note, std::string("a note"));
    QVERIFY(mark(*store, "s", {.pinned = false, .label = "", .note = {}}));
    QVERIFY(!session().isPinned);
    QCOMPARE(session().label, std::string());
    QCOMPARE(session().note, std::string("a note"));
}

void TestSessionMarks::whatIsTooLongIsRefused()
{
    const TestDatabase test;
    const auto store = storeWithSession(test);
    const auto refusal = [&](const SessionMarks& marks) { return mark(*store, "s", marks).error().code; };
    QCOMPARE(refusal({.pinned = {}, .label = std::string(201, 'x'), .note = {}}), ErrorCode::TooLarge);
    QCOMPARE(refusal({.pinned = {}, .label = {}, .note = std::string(4097, 'x')}), ErrorCode::TooLarge);
    QVERIFY(mark(*store, "s", {.pinned = {}, .label = std::string(200, 'x'), .note = std::string(4096, 'x')}));
    QCOMPARE(mark(*store, "none", {.pinned = true, .label = {}, .note = {}}).error().code, ErrorCode::NotFound);
    QCOMPARE(store->state(), StoreState::Ok); // a refusal is no trouble of the database's
}

void TestSessionMarks::listenersAreTold()
{
    const TestDatabase test;
    auto store = luthien::test::openStore(test);
    std::vector<CommitNotice> notices; // the writer's until the store is closed
    store->onCommit([&](const CommitNotice& notice) { notices.push_back(notice); });
    {
        const auto sink = store->makeSink(0);
        luthien::test::RecordedCall call(*sink, "s");
        call.end();
    }
    QVERIFY(store->flush(20s));
    QVERIFY(mark(*store, "s", {.pinned = true, .label = {}, .note = {}}));
    std::promise<void> removed;
    store->removeSession("s", [&](const Result<void>&) { removed.set_value(); });
    removed.get_future().wait();
    store->close();
    QVERIFY(notices.size() >= 3);
    for (std::size_t i = notices.size() - 2; i < notices.size(); ++i) {
        QCOMPARE(notices[i].sessions, std::vector<std::string>{"s"});
        QVERIFY(notices[i].calls.empty());
        QVERIFY(notices[i].number > notices[i - 1].number);
    }
}

LUTHIEN_TEST(tst_session_marks, TestSessionMarks)
#include "tst_session_marks.moc"
