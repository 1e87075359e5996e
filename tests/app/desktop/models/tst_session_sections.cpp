// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_sections.h"
#include "support/test_registry.h"

#include <random>

using namespace luthien;
using namespace luthien::desktop;

class TestSessionSections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsPlacesAndPositionsLeadToEachOther()
    {
        SessionSections sections(byClient);
        QCOMPARE(sections.rows(), 0);
        QCOMPARE(sections.topOf(0, 30, 60), 0.0);
        for (const auto& [micros, client] : {std::pair{5, 1}, {9, 2}, {7, 1}, {3, 2}, {1, 0}})
            sections.insert(place(micros, client));
        // 0 | 1 || 1 | 7 5 || 2 | 9 3
        QCOMPARE(sections.rows(), 8);
        QCOMPARE(sections.sectionCount(), std::size_t{3});
        QCOMPARE(microsOfRows(sections), (QList<int>{-1, 1, -1, 7, 5, -1, 9, 3}));
        QList<double> tops;
        for (int row = 0; row <= sections.rows(); ++row) {
            tops << sections.topOf(row, 30, 60);
            if (row < sections.rows())
                QCOMPARE(sections.rowAtTop(tops.back() + 29, 30, 60), row);
        }
        QCOMPARE(tops, (QList<double>{0, 30, 90, 120, 180, 240, 270, 330, 390}));
        QCOMPARE(sections.rowAtTop(-5, 30, 60), 0);
        QCOMPARE(sections.rowAtTop(1e9, 30, 60), 7);
    }

    void anEmptySectionGoes()
    {
        SessionSections sections(byClient);
        sections.insert(place(1, 0));
        sections.insert(place(2, 1));
        sections.remove(*sections.find(place(1, 0)));
        QCOMPARE(microsOfRows(sections), (QList<int>{-1, 2}));
        QVERIFY(!sections.find(place(1, 0)));
        QVERIFY(!sections.hasSectionOf(place(1, 0)));
        QVERIFY(sections.findRow(2).has_value());
        QVERIFY(!sections.findRow(1).has_value());
    }

    void isWhatAPlainListWouldBe()
    {
        std::mt19937 random(7);
        SessionSections sections(byClient);
        std::vector<SessionPlace> plain;
        for (int round = 0; round < 4000; ++round) {
            if (!plain.empty() && random() % 3 == 0) {
                const std::size_t victim = random() % plain.size();
                const auto spot = sections.find(plain[victim]);
                QVERIFY(spot.has_value());
                sections.remove(*spot);
                plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(victim));
            } else {
                const SessionPlace fresh = place(round * 7919 % 10007, static_cast<int>(random() % 5), round);
                sections.insert(fresh);
                plain.push_back(fresh);
            }
        }
        std::ranges::sort(plain, [](const SessionPlace& a, const SessionPlace& b) {
            return a.client != b.client ? a.client < b.client : a.at > b.at;
        });
        std::vector<SessionPlace> listed;
        for (int row = 0; row < sections.rows(); ++row) {
            if (const auto spot = sections.spotOfRow(row)) {
                QCOMPARE(sections.rowOf(*spot), row);
                listed.push_back(sections.at(*spot));
            }
        }
        QVERIFY(listed == plain);
    }

    void aRowAtTheEndOfAMillionIsExact()
    {
        SessionSections sections([](const SessionPlace& each) { return -(each.at.micros / 1000); });
        constexpr int kCount = 1'000'000;
        for (int micros = kCount; micros > 0; --micros)
            sections.insert(place(micros, 0));
        const int last = sections.rows() - 1;
        const double heads = static_cast<double>(sections.sectionCount());
        QCOMPARE(sections.topOf(last, 34, 62), heads * 34 + (kCount - 1) * 62.0);
        QCOMPARE(sections.rowAtTop(sections.topOf(last, 34, 62) - 1, 34, 62), last - 1);
    }

private:
    static std::int64_t byClient(const SessionPlace& place) { return place.client; }

    static SessionPlace place(std::int64_t micros, int client, std::int64_t row = 0)
    {
        return {.at = {.micros = micros, .row = row == 0 ? micros : row}, .client = static_cast<std::uint16_t>(client)};
    }

    static QList<int> microsOfRows(const SessionSections& sections)
    {
        QList<int> micros;
        for (int row = 0; row < sections.rows(); ++row) {
            const auto spot = sections.spotOfRow(row);
            micros << (spot ? static_cast<int>(sections.at(*spot).at.micros) : -1);
        }
        return micros;
    }
};

LUTHIEN_TEST(tst_session_sections, TestSessionSections)
#include "tst_session_sections.moc"
