// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/schema_fields.h"
#include "policy/builtin/builtin.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::FieldKind;
using desktop::fieldsOf;
using desktop::SchemaField;

class TestSchemaFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsEachKindOfValue()
    {
        const auto fields = fieldsOf(schema(), boost::json::parse(R"({"rules": [{"tool": "Bash"}]})"));
        QStringList drawn;
        for (const SchemaField& field : fields)
            drawn += QString::fromStdString(field.place) + u'=' + QString::number(static_cast<int>(field.kind));
        const QStringList expected{u"name=0"_s,    u"count=2"_s,    u"loud=3"_s,          u"do=4"_s,
                                   u"classes=5"_s, u"tools=6"_s,    u"where=7"_s,         u"where.host=0"_s,
                                   u"rules=8"_s,   u"rules[0]=9"_s, u"rules[0].tool=0"_s, u"any=10"_s};
        QCOMPARE(drawn, expected);
        QCOMPARE(fields[10].pointer, "/rules/0/tool");
        QCOMPARE(fields[10].depth, 2);
        QCOMPARE(fields[4].words, QStringList({u"drop"_s, u"truncate"_s}));
        QCOMPARE(fields[4].selected, QStringList({u"drop"_s})); // its default
        QCOMPARE(fields[5].text, u"*\nBash"_s);
        QCOMPARE(fields[1].label, u"How many"_s);
        QCOMPARE(fields[2].label, u"Loud"_s);
    }

    void givesLongTextsRoom_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<FieldKind>("kind");
        QTest::newRow("a script") << QByteArray("javascript") << FieldKind::Script;
        QTest::newRow("instructions") << QByteArray("multiline") << FieldKind::LongText;
        QTest::newRow("anything else") << QByteArray("uri") << FieldKind::Text;
    }
    void givesLongTextsRoom()
    {
        QFETCH(QByteArray, format);
        QFETCH(FieldKind, kind);
        const auto schema =
            boost::json::parse(R"({"properties":{"x":{"type":"string","format":")" + format.toStdString() + R"("}}})");
        const auto fields = fieldsOf(schema, boost::json::parse(R"({"x":"a\nb"})"));
        QCOMPARE(fields.at(0).kind, kind);
        QCOMPARE(fields.at(0).text, u"a\nb"_s);
    }

    void saysWhyAValueWillNotDo_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("reason");
        QTest::newRow("what is needed is absent") << QByteArray("{}") << u"name"_s << u"needed"_s;
        QTest::newRow("what is needed is empty") << QByteArray(R"({"name":""})") << u"name"_s << u"empty"_s;
        QTest::newRow("text of the wrong form") << QByteArray(R"({"name":"A B"})") << u"name"_s << u"form"_s;
        QTest::newRow("text where a number belongs") << QByteArray(R"({"count":"x"})") << u"count"_s << u"whole"_s;
        QTest::newRow("a fraction where a whole number belongs")
            << QByteArray(R"({"count":1.5})") << u"count"_s << u"whole"_s;
        QTest::newRow("a number too small") << QByteArray(R"({"count":0})") << u"count"_s << u"At least 1"_s;
        QTest::newRow("a number too large") << QByteArray(R"({"count":100})") << u"count"_s << u"At most 9"_s;
        QTest::newRow("no truth") << QByteArray(R"({"loud":1})") << u"loud"_s << u"true or false"_s;
        QTest::newRow("a word that is none") << QByteArray(R"({"do":"ask"})") << u"do"_s << u"allow, deny"_s;
        QTest::newRow("an empty list that must not be") << QByteArray(R"({"classes":[]})") << u"classes"_s << u"one"_s;
        QTest::newRow("a list with a word that is none")
            << QByteArray(R"({"classes":["drop","x"]})") << u"classes"_s << u"x is none"_s;
        QTest::newRow("no list") << QByteArray(R"({"rules":7})") << u"rules"_s << u"list"_s;
        QTest::newRow("an entry that is no object") << QByteArray(R"({"rules":[7]})") << u"rules[0]"_s << u"object"_s;
        QTest::newRow("deep inside") << QByteArray(R"({"rules":[{"tool":"a"},{"tool":3}]})") << u"rules[1].tool"_s
                                     << u"text"_s;
    }
    void saysWhyAValueWillNotDo()
    {
        QFETCH(QByteArray, object);
        QFETCH(QString, place);
        QFETCH(QString, reason);
        const auto fields = fieldsOf(schema(), boost::json::parse(object.toStdString()));
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const SchemaField& field) {
            return QString::fromStdString(field.place) == place;
        });
        QVERIFY(found != fields.end());
        QVERIFY2(found->problem.contains(reason), qPrintable(found->problem));
    }

    void followsReferences()
    {
        const auto rules =
            boost::json::parse(QByteArray("{'type':'object','$defs':{'word':{'type':'string','enum':['a']}},"
                                          "'properties':{'one':{'$ref':'#/$defs/word'},"
                                          "'x/y':{'type':'array','items':{'$ref':'#/$defs/word'}}}}")
                                   .replace('\'', '"')
                                   .toStdString());
        const auto fields = fieldsOf(rules, boost::json::object());
        QCOMPARE(fields.at(0).kind, FieldKind::Choice);
        QCOMPARE(fields.at(1).kind, FieldKind::Choices);
        QVERIFY(desktop::schemaAt(rules, "/x~1y/0") != nullptr);
        QVERIFY(desktop::schemaAt(rules, "/none") == nullptr);
    }

    void drawsEveryTypeThereIs()
    {
        for (const policy::PolicyType& type : policy::builtin::registry()) {
            const auto rules = boost::json::parse(std::string(type.schema));
            const auto first = desktop::initialValue(rules, rules);
            for (const SchemaField& field : fieldsOf(rules, first)) {
                QVERIFY2(field.problem.isEmpty(), qPrintable(field.label + field.problem));
                QVERIFY2(field.kind != FieldKind::Json, field.place.c_str());
            }
            const auto made = type.make(first.as_object(), {});
            // Some need what the running program has.
            QVERIFY2(made.hasValue() || made.error().code == ErrorCode::Unavailable, std::string(type.name).c_str());
        }
    }

private:
    static boost::json::value schema()
    {
        return boost::json::parse(R"({"type":"object","required":["name"],"properties":{
            "name":{"type":"string","pattern":"^[a-z]*$"},
            "count":{"title":"How many","type":"integer","minimum":1,"maximum":9},
            "loud":{"type":"boolean"},
            "do":{"type":"string","enum":["allow","deny"]},
            "classes":{"type":"array","minItems":1,"default":["drop"],
                       "items":{"type":"string","enum":["drop","truncate"]}},
            "tools":{"type":"array","default":["*","Bash"],"items":{"type":"string"}},
            "where":{"type":"object","properties":{"host":{"type":"string"}}},
            "rules":{"type":"array","items":{"type":"object","properties":{"tool":{"type":"string"}}}},
            "any":{}}})");
    }
};

LUTHIEN_TEST(tst_schema_fields, TestSchemaFields)
#include "tst_schema_fields.moc"
