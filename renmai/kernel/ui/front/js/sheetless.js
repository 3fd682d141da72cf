// FullCalendar writes its rules into a <style>, which the content security policy forbids: here they go into a sheet made by script.
// Its font of icons comes as a data address, which is forbidden too, and is left out.
const sheet = new CSSStyleSheet();
const insert = sheet.insertRule.bind(sheet);
sheet.insertRule = (rule, at) => insert(rule.trimStart().startsWith("@font-face") ? ".fc-icon {}" : rule, at);
const style = document.createElementNS("urn:sheetless", "style"); // found by its name, and no style of the page
style.setAttribute("data-fullcalendar", "");
Object.defineProperty(style, "sheet", { value: sheet });
document.head.append(style);
document.adoptedStyleSheets.push(sheet);
