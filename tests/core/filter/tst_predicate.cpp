// SPDX-License-Identifier: Apache-2.0
#include "filter/parser.h"
#include "filter/predicate.h"
#include "support/test_registry.h"

#include <QFile>
#include <QtTest>

#include <set>

namespace luthien::filter {

namespace {
QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// The tables of docs/filters.md, as the code has them.
QByteArray documentation()
{
    QByteArray text = "| predicate | what it asks about | example |\n| --- | --- | --- |\n";
    for (const Predicate& predicate : predicates())
        text += "| `" + bytes(predicate.name) + "` | " + bytes(predicate.help) + " | `" + bytes(predicate.example) +
                "` |\n";
    text += "\n| flag | calls that ... |\n| --- | --- |\n";
    for (const Flag& flag : flags())
        text += "| `" + bytes(flag.predicate) + ':' + bytes(flag.name) + "` | " + bytes(flag.help) + " |\n";
    return text;
}
} // namespace

class TestPredicate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDocumentationHasThisTable()
    {
        QFile file(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/docs/filters.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        if (!file.readAll().contains(documentation()))
            QFAIL(("docs/filters.md lacks this:\n" + documentation()).constData());
    }

    void examplesAreFilters()
    {
        for (const Predicate& predicate : predicates()) {
            const auto parsed = parseFilter(predicate.example);
            QVERIFY2(parsed, predicate.example.data());
            QVERIFY2(parsed->root().term.predicate == &predicate, predicate.example.data());
        }
    }

    void namesAreUniqueAndFoundInAnyCase()
    {
        std::set<std::string_view> names;
        for (const Predicate& predicate : predicates()) {
            QVERIFY(names.insert(predicate.name).second);
            QVERIFY(findPredicate(bytes(predicate.name).toUpper().toStdString()) == &predicate);
        }
        QVERIFY(findPredicate("") == nullptr && findPredicate("modle") == nullptr);
    }

    void everyChoiceHasAWordOfItsOwn()
    {
        for (const Predicate& predicate : predicates()) {
            if (predicate.kind != ValueKind::Choice)
                continue;
            std::set<std::string_view> names;
            for (std::uint32_t i = 0; i < predicate.choices.count; ++i)
                QVERIFY2(names.insert(predicate.choices.name(i)).second, predicate.name.data());
        }
    }
};

} // namespace luthien::filter

using luthien::filter::TestPredicate;
LUTHIEN_TEST(tst_predicate, TestPredicate)
#include "tst_predicate.moc"
