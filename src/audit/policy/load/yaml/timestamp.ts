const DATE = /^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?<rest>.*)$/s;
const TIME =
  /^(?<separator>[Tt ])(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})([.,][0-9]+)?(?<zone>.*)$/s;
const ZONE = /^(Z|[-+](?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))$/;

/** Whether `!!timestamp` takes a text: a date, a date and a time with a zone behind `T`, or without one behind a space. */
export function isTimestamp(text: string): boolean {
  const date = DATE.exec(text)?.groups;
  if (date === undefined || !isDate(Number(date.year), Number(date.month), Number(date.day))) return false;
  if (date.rest === '') return true;
  const time = TIME.exec(date.rest ?? '')?.groups;
  if (time === undefined || Number(time.hour) > 23 || Number(time.minute) > 59 || Number(time.second) > 59)
    return false;
  if (time.separator === ' ') return time.zone === '';
  const zone = ZONE.exec(time.zone ?? '');
  return zone !== null && Number(zone.groups?.hours ?? 0) <= 24 && Number(zone.groups?.minutes ?? 0) <= 60;
}

/** Of the Gregorian calendar, from the year 0 on. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
