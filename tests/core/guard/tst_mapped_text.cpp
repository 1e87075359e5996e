// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/mapped_text.h"
#include "support/test_registry.h"

#include <QtTest>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace luthien::guard {

class TestMappedText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyByteOfATextStandsForItself()
    {
        const MappedText text = MappedText::identity("DROP");
        QCOMPARE(test::bytes(text.text()), QByteArray("DROP"));
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(text.originAt(i), i);
        QVERIFY(text.origin({1, 3}) == (TextSpan{1, 3}));
    }

    void aSpanReachesFromTheFirstByteToTheLast()
    {
        MappedText text; // DR''OP, from byte 10 on
        text.append(MappedText::identity("..........DR"), 10, 12);
        text.append('O', 14);
        text.append('P', 15);
        QVERIFY(text.origin({0, 4}) == (TextSpan{10, 16}));
        QVERIFY(text.origin({0, 2}) == (TextSpan{10, 12}));
        QVERIFY(text.origin({2, 4}) == (TextSpan{14, 16}));
        QVERIFY(text.origin({3, 99}) == (TextSpan{15, 16}));
        QVERIFY(text.origin({4, 4}) == (TextSpan{15, 16}));
        QVERIFY(MappedText().origin({0, 1}) == TextSpan{});
    }

    void bytesOfOneEscapeShareTheirPlace()
    {
        MappedText text;
        text.append("xyz", 7);
        text.append('!', 8);
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(text.originAt(i), std::size_t{7});
        QCOMPARE(text.originAt(3), std::size_t{8});
    }

    /// Against a list with one place a byte.
    void agreesWithAPlainListOfPlaces()
    {
        std::mt19937 random(1);
        const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
        std::vector<std::pair<MappedText, std::vector<std::size_t>>> known(1);
        for (int step = 0; step < 2000; ++step) {
            auto [text, places] = known[below(known.size())];
            const auto& [other, otherPlaces] = known[below(known.size())];
            const std::size_t begin = below(other.size() + 1);
            const std::size_t end = begin + below(other.size() - begin + 1);
            text.append(other.part(begin, end));
            text.append(other, begin, end);
            for (int twice = 0; twice < 2; ++twice)
                places.insert(places.end(), otherPlaces.begin() + std::ptrdiff_t(begin),
                              otherPlaces.begin() + std::ptrdiff_t(end));
            const std::size_t place = below(30);
            text.append('x', place);
            places.push_back(place);
            QCOMPARE(text.size(), places.size());
            for (std::size_t i = 0; i < places.size(); ++i)
                QCOMPARE(text.originAt(i), places[i]);
            if (text.size() < 200)
                known.emplace_back(std::move(text), std::move(places));
        }
    }
};

} // namespace luthien::guard

using TestMappedText = luthien::guard::TestMappedText;
LUTHIEN_TEST(tst_mapped_text, TestMappedText)
#include "tst_mapped_text.moc"
