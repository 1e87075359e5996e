// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace luthien::policy;
using luthien::policy::builtin::test::make;

namespace {

QJsonObject schemaOf(const PolicyType& type)
{
    return QJsonDocument::fromJson(QByteArray(type.schema.data(), qsizetype(type.schema.size()))).object();
}

/// What people must fill in.
QJsonObject neededBy(std::string_view type)
{
    if (type == "javascript")
        return {{QStringLiteral("source"), QStringLiteral("function onText(block) { return luthien.allow(); }")}};
    if (type == "llm-rewrite")
        return {{QStringLiteral("instructions"), QStringLiteral("Leave out apologies.")}};
    return {};
}

/// What a form shows for a member nobody has touched.
QJsonObject defaultsOf(const QJsonObject& schema, QJsonObject config)
{
    const QJsonObject properties = schema[QStringLiteral("properties")].toObject();
    for (auto it = properties.begin(); it != properties.end(); ++it) {
        if (it->toObject().contains(QStringLiteral("default")))
            config[it.key()] = it->toObject()[QStringLiteral("default")];
    }
    return config;
}

void checkMembers(const QJsonObject& schema)
{
    const QJsonObject properties = schema[QStringLiteral("properties")].toObject();
    QCOMPARE(schema[QStringLiteral("additionalProperties")], QJsonValue(false));
    for (auto it = properties.begin(); it != properties.end(); ++it) {
        const QJsonObject member = it->toObject();
        QVERIFY2(member.contains(QStringLiteral("type")) && member.contains(QStringLiteral("title")),
                 qPrintable(it.key()));
        const QJsonObject items = member[QStringLiteral("items")].toObject();
        if (items[QStringLiteral("type")] == QStringLiteral("object"))
            checkMembers(items);
    }
}

class TestBuiltin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTypesAre()
    {
        QByteArrayList names;
        for (const PolicyType& type : builtin::registry())
            names += QByteArray(type.name.data(), qsizetype(type.name.size()));
        QCOMPARE(names, (QByteArrayList{"destructive-sql", "tool-rules", "approval", "llm-judge", "replace-text",
                                        "llm-rewrite", "javascript", "rate-limit", "budget", "debug-log", "all-caps",
                                        "noop"}));
    }

    void eachCanBeShownAndMade_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < int(builtin::registry().size()); ++i)
            QTest::newRow(std::string(builtin::registry()[std::size_t(i)].name).c_str()) << i;
    }
    void eachCanBeShownAndMade()
    {
        QFETCH(int, index);
        const PolicyType& type = builtin::registry()[std::size_t(index)];
        QVERIFY(!type.title.empty() && type.summary.ends_with('.'));
        const QJsonObject schema = schemaOf(type);
        QCOMPARE(schema[QStringLiteral("type")].toString(), QStringLiteral("object"));
        checkMembers(schema);
        const QJsonObject needed = neededBy(type.name);
        QVERIFY(make(type.name, QJsonDocument(needed).toJson().toStdString()).hasValue());
        const auto made = make(type.name, QJsonDocument(defaultsOf(schema, needed)).toJson().toStdString());
        QVERIFY2(made.hasValue(), made ? "" : made.error().toString().c_str());
        QVERIFY(!make(type.name, R"({"no such member":1})"));
    }
};

} // namespace

LUTHIEN_TEST(tst_builtin, TestBuiltin)
#include "tst_builtin.moc"
