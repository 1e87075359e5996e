// SPDX-License-Identifier: Apache-2.0
#include "filter/parser.h"
#include "filter/sql.h"
#include "sample_call.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::filter {

namespace {
QByteArray valueText(const SqlValue& value)
{
    if (const auto* const text = std::get_if<std::string>(&value))
        return QByteArray::fromStdString(*text);
    if (const auto* const number = std::get_if<std::int64_t>(&value))
        return QByteArray::number(static_cast<qlonglong>(*number));
    if (const auto* const real = std::get_if<double>(&value))
        return QByteArray::number(*real);
    return QByteArray::fromStdString(std::get<CallId>(value).toString());
}

/// The SQL, '~' if memory must decide the rest, then each value.
QByteArray compiled(const QByteArray& filter, const SqlOptions& options)
{
    const auto parsed = parseFilter(filter.toStdString());
    if (!parsed)
        return QByteArray::fromStdString(parsed.error().toString());
    const SqlCondition condition = compile(*parsed, options);
    QByteArray text = QByteArray::fromStdString(condition.sql) + (condition.isExact ? "" : " ~");
    for (const SqlBinding& binding : condition.bindings)
        text += " | " + QByteArray::fromStdString(binding.name) + '=' + valueText(binding.value);
    return text;
}
} // namespace

/// That it finds the right rows is shown by core/archive/tst_filtered_lists; here, what each database is asked.
class TestSql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sqliteIsAsked_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<QByteArray>("sql");
        const auto row = [](const char* filter, const char* sql) {
            QTest::newRow(*filter == '\0' ? "nothing" : filter) << QByteArray(filter) << QByteArray(sql);
        };
        row("", "TRUE");
        row("model:Claude_*", "call.model LIKE :filter0 ESCAPE '!' | :filter0=claude!_%");
        row("model=\"x' OR 1=1 --\"", "call.model = :filter0 | :filter0=x' OR 1=1 --");
        row("session:abc", "session.uid = :filter0 | :filter0=abc");
        row("session:a[b*", "session.uid GLOB :filter0 | :filter0=a[[]b*");
        row("-cost>$0.5",
            "NOT ((call.cost_nano_usd IS NOT NULL AND call.cost_nano_usd > :filter0)) | :filter0=500000000");
        row("status!=open", "call.status NOT IN (0)");
        row("since:2h", "call.started_us >= :filter0 | :filter0=1795341600000000");
        row("verdict:block policy:sql stream:yes",
            "(call.stream IN (1) AND EXISTS (SELECT 1 FROM decision WHERE decision.call_id = call.id AND "
            "(decision.verdict IN (2) AND decision.policy_id = :filter0))) | :filter0=sql");
        row("tool:Bash http:200",
            "((call.http_status IS NOT NULL AND call.http_status = :filter0) AND call.reply_content_id IS NOT NULL) ~"
            " | :filter0=200");
        row("-tool:Bash http:200", "(TRUE AND (call.http_status IS NOT NULL AND call.http_status = :filter0)) ~ | "
                                   ":filter0=200");
        row("-(tool:Bash or is:open)", "(TRUE AND NOT (call.status = 0)) ~");
        row("error:\"time out\"", "(call.error LIKE :filter0 ESCAPE '!' AND call.error LIKE :filter1 ESCAPE '!') ~ | "
                                  ":filter0=%time% | :filter1=%out%");
        row("drop", "TRUE ~");
    }
    void sqliteIsAsked()
    {
        QFETCH(QByteArray, filter);
        QFETCH(QByteArray, sql);
        QCOMPARE(compiled(filter, {.now = test::kSampleNow, .fullText = {}}), sql);
    }

    void postgresIsAsked()
    {
        const SqlOptions options{.dialect = SqlDialect::Postgres, .now = test::kSampleNow, .fullText = {}};
        QCOMPARE(compiled("model:Claude_*", options),
                 QByteArray("lower(call.model COLLATE \"C\") LIKE :filter0 ESCAPE '!' | :filter0=claude!_%"));
        QCOMPARE(compiled("session:A*", options), QByteArray("session.uid LIKE :filter0 ESCAPE '!' | :filter0=A%"));
    }

    void otherRowsAreChosen()
    {
        const SqlOptions sessions{.rows = SqlRows::Sessions, .now = test::kSampleNow, .fullText = {}};
        QCOMPARE(compiled("session:a is:open", sessions),
                 QByteArray("(session.uid = :filter0 AND EXISTS (SELECT 1 FROM call WHERE call.session_id = session.id "
                            "AND call.status = 0)) | :filter0=a"));
        const SqlOptions decisions{.rows = SqlRows::Decisions, .now = test::kSampleNow, .fullText = {}};
        QCOMPARE(compiled("-verdict:block", decisions), QByteArray("NOT (decision.verdict IN (2))"));
    }

    void wordsAreLookedUpWhereThereIsAnIndex()
    {
        const SqlOptions options{
            .now = test::kSampleNow,
            .fullText = [](const Phrase& words, Texts where, const BindValue& bind) -> std::optional<std::string> {
                return where == Texts::Said ? std::nullopt
                                            : std::optional("call.id IN (index " + bind(toText(words)) + ")");
            }};
        QCOMPARE(compiled("\"drop table\" said:x", options),
                 QByteArray("(call.id IN (index :filter0) AND TRUE) ~ | :filter0=drop table"));
        QCOMPARE(compiled("-drop", options), QByteArray("TRUE ~ | :filter0=drop"));
    }
};

} // namespace luthien::filter

using luthien::filter::TestSql;
LUTHIEN_TEST(tst_sql, TestSql)
#include "tst_sql.moc"
