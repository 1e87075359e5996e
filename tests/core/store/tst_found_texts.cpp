// SPDX-License-Identifier: Apache-2.0
#include "core/store/searchable.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using namespace luthien::test;

class TestFoundTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }

    void pagesHoldEachTextOnce()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        for (int i = 0; i < 23; ++i)
            ask(*store, "s" + std::to_string(i), {"text:the same", "text:page " + std::to_string(i)});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        for (const std::uint32_t perPage : {1U, 7U, 22U, 23U, 24U}) {
            QStringList expected;
            for (int i = 22; i >= 0; --i)
                expected.append(QStringLiteral("user: page %1").arg(i));
            QCOMPARE(found(**reader, "page", FoundOrder::NewestFirst, perPage), expected);
            QCOMPARE(found(**reader, "same", FoundOrder::NewestFirst, perPage).size(), 23); // in as many calls
            QStringList best = found(**reader, "page", FoundOrder::BestFirst, perPage);
            best.removeDuplicates();
            QCOMPARE(best.size(), 23);
        }
    }

    void theBestIsTheOneThatSpeaksMostOfIt()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        ask(*store, "a", {"text:needle needle needle"});
        ask(*store, "b", {"text:a needle in one of the largest haystacks of hay that were ever put together here"});
        ask(*store, "c", {"text:no more than hay"});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        QCOMPARE(found(**reader, "needle", FoundOrder::BestFirst).front(),
                 QStringLiteral("user: needle needle needle"));
        QVERIFY(found(**reader, "needle").front().startsWith(QLatin1String("user: a needle in")));
    }

    void conditionsOverCallsCount()
    {
        const TestDatabase test;
        const auto store = openSearchable(test);
        for (const char* const session : {"a", "b", "c"})
            ask(*store, session, {"text:the same"});
        QVERIFY(isIndexed(*store));
        const auto reader = store->openReader();
        const auto where = (*reader)->condition(*filter::parseFilter("session:b"), filter::SqlRows::Calls, {});
        const std::vector<filter::Phrase> phrases{filter::phraseFrom("same")};
        for (const FoundOrder order : {FoundOrder::NewestFirst, FoundOrder::BestFirst}) {
            const auto page =
                (*reader)->findTexts({.phrases = phrases, .order = order, .where = &where}, std::nullopt, 10);
            QVERIFY2(page, page ? "" : page.error().toString().c_str());
            QCOMPARE(page->items.size(), std::size_t{1});
            QCOMPARE(page->items[0].session, std::string("b"));
        }
    }
};

LUTHIEN_TEST(tst_found_texts, TestFoundTexts)
#include "tst_found_texts.moc"
