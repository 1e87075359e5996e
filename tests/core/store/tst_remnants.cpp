// SPDX-License-Identifier: Apache-2.0
#include "core/store/searchable.h"
#include "store/evidence.h"
#include "store/removal.h"
#include "support/test_registry.h"

#include <QFile>
#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::store;
using namespace luthien::test;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {
constexpr auto kLimit = 60s;
constexpr auto kLater = 1000h; // after the calls of ask()
constexpr TimePoint kStart{1'700'000'000s};

/// Its calls are past their time.
class LaterClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return kStart + kLater; }
    [[nodiscard]] SteadyPoint steady() const override { return std::chrono::steady_clock::now(); }
};

bool removeSession(Store& store, const std::string& id)
{
    std::promise<bool> answer;
    store.removeSession(id, [&](const Result<void>& done) { answer.set_value(done.hasValue()); });
    return answer.get_future().get();
}

/// A call in a session of its own that begins when the others are old.
void askLater(Store& store, const std::string& message)
{
    const auto sink = store.makeSink(0);
    RecordedCall call(*sink, "later", kStart + kLater);
    const Body body({message});
    call.request(body.bytes, body.spans);
    call.end();
}

/// Whether SQLite's file or its log hold the word; PostgreSQL's words are in rows, which its server cleans.
bool isInFiles(const TestDatabase& test, const QByteArray& word)
{
    for (const char* const name : {"luthien.db", "luthien.db-wal"}) {
        QFile file(test.filePath(QLatin1String(name)));
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(word))
            return true;
    }
    return false;
}

/// Makes steps until there is nothing more to do.
bool finishes(Removal& removal)
{
    auto step = removal.step();
    while (step && step->progress == Removal::Progress::Busy)
        step = removal.step();
    return step && step->progress == Removal::Progress::Done;
}
} // namespace

/// What is left of words when the rows that said them go.
class TestRemnants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }

    void wordsOfADeletedSessionAreFoundNoMore()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        const auto sink = store->makeSink(0);
        RecordedCall slow(*sink, "slow");
        slow.request("{}");
        slow.partial("while the rest of this does not come, no rows go");
        QVERIFY(store->flush(kLimit));
        ask(*store, "goes", {"text:canary sings"});
        ask(*store, "stays", {"text:robin sings"});
        const auto reader = store->openReader();
        QTRY_COMPARE(found(**reader, "sings").size(), 2);
        QVERIFY(removeSession(*store, "goes"));
        for (const FoundOrder order : {FoundOrder::NewestFirst, FoundOrder::BestFirst})
            QCOMPARE(found(**reader, "sings", order), QStringList({u"user: robin sings"_s}));
        QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM call")), 3); // else this test shows nothing
    }

    void aStoreThatReadsNoTextsRemovesWords()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test);
            ask(*store, "goes", {"text:canary sings"});
            ask(*store, "stays", {"text:robin sings"});
            QVERIFY(isIndexed(*store));
        }
        {
            const auto store = openSearchable(test, {});
            QVERIFY(removeSession(*store, "goes"));
            QVERIFY(store->finishRemovals(kLimit));
            QVERIFY(!isInFiles(test, "canary"));
        }
        const auto store = openSearchable(test);
        QVERIFY(isIndexed(*store));
        QCOMPARE(found(**store->openReader(), "sings"), QStringList({u"user: robin sings"_s}));
    }

    /// The index keeps deleted words until it is merged, and the log what was written last.
    void whatAProcessCouldNotFinishTheNextOneDoes()
    {
        const TestDatabase test;
        {
            const auto store = openSearchable(test);
            ask(*store, "goes", {"text:canary sings"});
            askLater(*store, "text:robin sings");
            QVERIFY(isIndexed(*store));
        }
        const auto database = writable(test);
        QVERIFY(database);
        EvidenceChain evidence(**database);
        SearchIndex index(**database, plainTexts);
        const Retention retention{.bodies = {}, .metadata = 24h};
        const LaterClock clock;
        {
            Removal removal(**database, evidence, index, retention, clock);
            do
                QVERIFY(removal.step());
            while (test.ask(QStringLiteral("SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM remnant "
                                           "WHERE kind < 3)")) > 1);
        }
        QCOMPARE(isInFiles(test, "canary"), test.isSqlite()); // else this test shows nothing
        Removal removal(**database, evidence, index, retention, clock);
        QVERIFY(finishes(removal));
        QVERIFY(!isInFiles(test, "canary"));
        QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM remnant")), 0);
        QCOMPARE(found(**Reader::open(test.location()), "sings"), QStringList({u"user: robin sings"_s}));
    }
};

LUTHIEN_TEST(tst_remnants, TestRemnants)
#include "tst_remnants.moc"
