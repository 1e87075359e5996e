// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_outline.h"
#include "random_json.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::desktop;

namespace {
std::shared_ptr<const JsonListing> membersOf(const std::string& text)
{
    return std::make_shared<const JsonListing>(JsonListing::ofMembers(text, 0));
}

/// The rows of a branch as a plain walk gives them: path and what it opens to.
void walk(const JsonBranch& branch, JsonPath path, std::vector<JsonPath>& rows)
{
    path.push_back(0);
    for (std::uint64_t index = 0; index < branch.listing->count(); ++index) {
        path.back() = index;
        rows.push_back(path);
        for (const JsonBranch::Child& child : branch.opened)
            if (child.index == index)
                walk(*child.branch, path, rows);
    }
}
} // namespace

class TestJsonOutline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Values are opened and closed by chance; after each step every row is where a plain walk has it.
    void rowsAreThoseOfAPlainWalk()
    {
        test::RandomJson random(23);
        for (int round = 0; round < 60; ++round) {
            const std::string text = random.object();
            JsonOutline outline;
            outline.show(text, membersOf(text));
            for (int step = 0; step < 30 && outline.rowCount() > 0; ++step) {
                const auto row = outline.row(static_cast<int>(random.below(static_cast<unsigned>(outline.rowCount()))));
                if (row.listing->hasLines())
                    continue;
                if (row.branch != nullptr)
                    outline.close(row.path);
                else if (opens(text, row.item()))
                    outline.open(row.path, std::make_unique<JsonBranch>(
                                               std::make_shared<const JsonListing>(listingOf(text, row.item()))));
                std::vector<JsonPath> expected;
                walk(*outline.branchAt({}), {}, expected);
                QCOMPARE(outline.rowCount(), static_cast<int>(expected.size()));
                for (int number = 0; number < outline.rowCount(); ++number) {
                    const auto& path = expected[static_cast<std::size_t>(number)];
                    QVERIFY(outline.row(number).path == path);
                    QCOMPARE(outline.numberOf(path), number);
                }
            }
        }
    }

    void pointersFollowTheRfc()
    {
        const std::string text = "{\"a/b\":{\"m~n\":[1,{\"\":\"x\"}]}}";
        JsonOutline outline;
        outline.show(text, membersOf(text));
        int most = 100;
        auto all =
            std::make_unique<JsonBranch>(std::make_shared<const JsonListing>(listingOf(text, outline.row(0).item())));
        QVERIFY(openAll(text, *all, most, {}));
        outline.open({0}, std::move(all));
        QStringList pointers;
        for (int row = 0; row < outline.rowCount(); ++row)
            pointers << QString::fromStdString(outline.pointerTo(outline.row(row).path));
        QCOMPARE(pointers.join(QLatin1Char(' ')),
                 QLatin1String("/a~1b /a~1b/m~0n /a~1b/m~0n/0 /a~1b/m~0n/1 /a~1b/m~0n/1/"));
    }

    void openingAllHasAnEnd()
    {
        std::string text = "[";
        for (int number = 0; number < 50; ++number)
            text += "[[1]],";
        text += "1]";
        JsonOutline outline;
        JsonBranch branch(membersOf(text));
        int most = 20;
        QVERIFY(!openAll(text, branch, most, {}));
        QCOMPARE(most, 0);
        const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
        JsonBranch tower(std::make_shared<const JsonListing>(JsonListing::ofMembers(deep, 0)));
        int plenty = 1'000'000;
        QVERIFY(!openAll(deep, tower, plenty, {}));
        QCOMPARE(tower.rows, 201);
    }
};

LUTHIEN_TEST(tst_json_outline, TestJsonOutline)
#include "tst_json_outline.moc"
